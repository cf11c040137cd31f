package luabridge

import (
	"bytes"
	"errors"
	"io"
	"path"
	"path/filepath"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

// relationMethods are a module's relations to other modules and to its own files.
func (b *Bridge) relationMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"depends":       b.depends,
		"require":       b.requireLibrary,
		"shared":        b.sharedTable,
		"get_directory": b.directory,
		"load_resource": b.loadResource,
		"on_ready":      b.moduleReady,
		"once":          b.moduleReady,
	}
}

// depends: name, soft → the other module's environment.
func (b *Bridge) depends(L *lua.LState) int {
	o := b.module(L)
	p, err := o.m.Depends(b.in.Context(L), L.CheckString(2), lua.LVAsBool(L.Get(3)))
	if err != nil {
		raise(L, err)
	}
	if p == nil {
		L.Push(lua.LNil)
		L.Push(lua.LString("disabled"))
		return 2
	}
	env := b.environmentOf(p, o.m.Host())
	if e, ok := compat.ObjectOf(env); ok {
		if e, ok := e.(*exports); ok {
			e.forget()
		}
	}
	L.Push(env)
	return 1
}

// requireLibrary runs a library file of the module and returns what it returns.
func (b *Bridge) requireLibrary(L *lua.LState) int {
	o, name := b.module(L), L.CheckString(2)
	src, err := b.findLibrary(o.p.source, o.m.Host(), name)
	if errors.Is(err, errNotFound) {
		L.RaiseError("module %q has no library %q", o.m.Name(), name)
	}
	if err != nil {
		raise(L, err)
	}
	o.p.files.add(src)
	fn, err := b.in.Load(src.code, src.chunkName(), o.env)
	if err != nil {
		raise(L, err)
	}
	L.Push(fn)
	L.Push(lua.LString(name))
	L.Call(1, 1)
	return 1
}

// sharedTable: path "name", "module/name" or "/host/module/name" → the table that all who name it share.
func (b *Bridge) sharedTable(L *lua.LState) int {
	o := b.module(L)
	var last lua.LValue = lua.LNil
	for i := 2; i <= max(L.GetTop(), 2); i++ {
		last = b.sharedAt(o, L.OptString(i, ""))
	}
	L.Push(last)
	return 1
}

func (b *Bridge) sharedAt(o *moduleObject, name string) *lua.LTable {
	full := name
	if !strings.HasPrefix(name, "/") {
		if !strings.Contains(name, "/") {
			name = o.m.Name() + "/" + name
		}
		full = "/" + o.m.Host() + "/" + name
	}
	t := b.shared[full]
	if t == nil {
		t = b.in.State().NewTable()
		b.shared[full] = t
	}
	return t
}

// directory is where the module's files are, nil if they are inside the program.
func (b *Bridge) directory(L *lua.LState) int {
	src := b.module(L).p.source
	if src.dir.Embedded {
		L.Push(lua.LNil)
		return 1
	}
	return pushString(L, filepath.Dir(src.path()))
}

// loadResource: path within the module's directory, mode → file, or nil and why not.
func (b *Bridge) loadResource(L *lua.LState) int {
	src := b.module(L).p.source
	name := path.Join(path.Dir(src.file), path.Clean("/"+L.CheckString(2)))
	if src.dir.Embedded {
		return b.embeddedFile(L, src.dir, name)
	}
	mode, top := L.OptString(3, "r"), L.GetTop()
	L.Push(L.GetField(L.GetGlobal("io"), "open"))
	L.Push(lua.LString(filepath.Join(src.dir.Path, name)))
	L.Push(lua.LString(mode))
	L.Call(2, lua.MultRet)
	return L.GetTop() - top
}

// embeddedFile is a file inside the program as an object with read, lines and close.
func (b *Bridge) embeddedFile(L *lua.LState, dir Dir, name string) int {
	f, err := dir.FS.Open(name)
	if err != nil {
		return pushFailure(L, err)
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil {
		return pushFailure(L, err)
	}
	L.Push(b.table(map[string]lua.LGFunction{
		"read": func(L *lua.LState) int {
			L.Push(readEmbedded(&content, strings.TrimPrefix(L.OptString(2, "l"), "*")))
			return 1
		},
		"lines": func(L *lua.LState) int {
			var lines []any
			for line := range strings.Lines(string(content)) {
				lines = append(lines, strings.TrimRight(line, "\n"))
			}
			return b.pushIterator(L, lines)
		},
		"close": func(L *lua.LState) int {
			L.Push(lua.LTrue)
			return 1
		},
	}))
	return 1
}

// readEmbedded takes all that is left (format "a"), else a line, or nil at the end.
func readEmbedded(content *[]byte, format string) lua.LValue {
	if strings.HasPrefix(format, "a") {
		all := lua.LString(*content)
		*content = nil
		return all
	}
	if len(*content) == 0 {
		return lua.LNil
	}
	line, rest, _ := bytes.Cut(*content, []byte("\n"))
	*content = rest
	return lua.LString(line)
}

// moduleReady: function → called once the server has started; returns a promise for the same.
func (b *Bridge) moduleReady(L *lua.LState) int {
	o := b.module(L)
	promise, resolve, _ := b.newPromise(L)
	if f, ok := L.Get(2).(*lua.LFunction); ok {
		o.whenReady(L, f)
	}
	o.whenReady(L, resolve.(*lua.LFunction))
	L.Push(promise)
	return 1
}

func (o *moduleObject) whenReady(L *lua.LState, f *lua.LFunction) {
	if !o.ready {
		o.onReady = append(o.onReady, f)
		return
	}
	L.Push(f)
	L.Call(0, 0)
}
