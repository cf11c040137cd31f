package modulecheck

import (
	"context"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"quatrain/host"
)

// limit is how long one attempt to load a module may take in all, waiting included.
func (c *Checker) limit() time.Duration { return 4 * c.patience() }

// Checker finds out what is with modules.
type Checker struct {
	// Options are what servers are made from: the shipped plugins and libraries.
	Options host.Options
	// Services are kinds of components on which modules are tried, besides an empty one.
	Services []Service
	// Patience is how long a module may run as it loads, five seconds if it is 0.
	Patience time.Duration

	dirs []string
}

// Check looks at all modules of directories. The error is that a directory cannot be read; what is wrong with modules is in the report.
func (c *Checker) Check(ctx context.Context, dirs []string) (*Report, error) {
	for _, dir := range dirs {
		absolute, err := filepath.Abs(dir)
		if err != nil {
			return nil, err
		}
		c.dirs = append(c.dirs, absolute)
	}
	f, err := look(c.dirs)
	if err != nil {
		return nil, err
	}
	broken, err := f.parse()
	if err != nil {
		return nil, err
	}
	return &Report{Modules: c.all(ctx, f.modules), Broken: broken}, nil
}

// all looks at the modules, several at a time.
func (c *Checker) all(ctx context.Context, list []found) []Module {
	var modules []Module
	for _, m := range list {
		modules = append(modules, Module{Name: m.name, File: m.file})
	}
	next := make(chan *Module)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for m := range next {
				c.one(ctx, m)
			}
		})
	}
	for i := range modules {
		next <- &modules[i]
	}
	close(next)
	workers.Wait()
	return modules
}

// one looks at a module: among the others of its directory, and if it does not load there, beside the server's own plugins.
func (c *Checker) one(ctx context.Context, m *Module) {
	if host.DoesItself(m.Name) {
		m.State = Core
		return
	}
	best := c.anywhere(ctx, m, c.dirs)
	if best.err != nil && !best.final {
		if a := c.beside(ctx, m); a != nil && a.err == nil {
			m.Beside = true
			best = a
		}
	}
	best.tell(m)
}

// anywhere tries a module on each kind of host until it loads. Of the failures that counts which came furthest in the module's own file.
func (c *Checker) anywhere(ctx context.Context, m *Module, dirs []string) (best *attempt) {
	for _, kind := range c.kinds(m.File, dirs) {
		a := c.try(ctx, m.Name, kind)
		if best == nil || a.better(best) {
			best = a
		}
		if best.err == nil && len(best.said) == 0 || best.final {
			break
		}
	}
	return best
}

// own is whether a place "file:line" is in a module's main file.
func own(module, at string) bool { return strings.HasPrefix(at, "mod_"+module+".lua:") }
