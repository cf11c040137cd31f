package luabridge

import (
	"crypto/sha256"
	"maps"
	"path"
	"sync"

	"quatrain/host/internal/luabridge/luascan"
)

// Files are the files of a module, as paths of the file system, with the sums of what they had in them when they were read. Files inside the program
// are left out.
type Files map[string][sha256.Size]byte

// fileList is Files that grow.
type fileList struct {
	mu    sync.Mutex // guards files
	files Files
}

func (l *fileList) add(src *source) {
	if src.dir.Embedded {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.files == nil {
		l.files = Files{}
	}
	l.files[src.path()] = sha256.Sum256(src.code)
}

// Files are those that the module has loaded: its main file and what it has required of its own.
func (p *Plugin) Files() Files {
	p.files.mu.Lock()
	defer p.files.mu.Unlock()
	return maps.Clone(p.files.files)
}

// FilesOf are the files that a module would load if it was loaded now, as far as they are named in it. It is for modules that run elsewhere.
func (b *Bridge) FilesOf(name string) Files {
	var list fileList
	if src, err := b.find(name); err == nil {
		b.addFiles(&list, src)
	}
	return list.files
}

func (b *Bridge) addFiles(list *fileList, src *source) {
	if _, known := list.files[src.path()]; known {
		return
	}
	list.add(src)
	scan, err := luascan.File(src.code, src.file)
	if err != nil {
		return // it cannot load others
	}
	for _, name := range scan.Files {
		if library, err := b.findLibrary(src, "*", name); err == nil {
			b.addFiles(list, library)
		}
	}
}

// Compiles tells whether the text of a file is Lua.
func (b *Bridge) Compiles(code []byte, file string) error {
	_, err := b.in.Load(code, "@"+path.Base(file), nil)
	return err
}
