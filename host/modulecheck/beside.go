package modulecheck

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// beside tries a module in a directory that has, of the modules that the server ships, too, only this one: as if only what the server lacks had been
// put into plugin_paths. nil if that makes no difference.
func (c *Checker) beside(ctx context.Context, m *Module) *attempt {
	dir, err := os.MkdirTemp("", "quatrain-check-")
	if err != nil {
		return nil // then it has not loaded
	}
	defer os.RemoveAll(dir)
	left := 0
	for _, from := range c.dirs {
		n, err := c.link(from, dir, m)
		if err != nil {
			return nil
		}
		left += n
	}
	if left == 0 {
		return nil
	}
	return c.anywhere(ctx, m, []string{dir})
}

// link links what is in a directory, but for the modules that the server ships, and tells how many it has left out.
func (c *Checker) link(from, to string, m *Module) (left int, err error) {
	entries, err := os.ReadDir(from)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		path := filepath.Join(from, e.Name())
		name := strings.TrimPrefix(strings.TrimSuffix(e.Name(), ".lua"), "mod_")
		if c.ships(name) && path != m.File && !strings.HasPrefix(m.File, path+string(filepath.Separator)) {
			left++
			continue
		}
		if err := os.Symlink(path, filepath.Join(to, e.Name())); err != nil && !os.IsExist(err) {
			return 0, err
		}
	}
	return left, nil
}

// ships is whether there is a plugin of the name that comes with the server.
func (c *Checker) ships(name string) bool {
	_, err := fs.Stat(c.Options.Plugins, name)
	return err == nil
}
