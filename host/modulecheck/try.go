package modulecheck

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"quatrain/host"
	"quatrain/host/internal/luabridge"
)

// attempt is how it went to load a module on one kind of host.
type attempt struct {
	module string
	kind   string
	err    error // nil if it loaded
	final  bool  // whether it would fail everywhere
	needs  need
	given  []Given
	info   host.PluginInfo
	ex     *luabridge.Examination
	said   []Warning
}

// maxSamples is how many options a module is given because it asks for them.
const maxSamples = 8

// try loads a module on a kind of host. Options that its error names are given samples, and it is tried again.
func (c *Checker) try(ctx context.Context, module string, k kind) *attempt {
	var given []Given
	for {
		a := c.tryWith(ctx, module, k, given)
		if a.err == nil || a.final || len(given) == maxSamples {
			return a
		}
		o := a.needs.named
		if o == nil || slices.ContainsFunc(given, func(g Given) bool { return g.Option == o.Name }) {
			return a
		}
		given = append(slices.Clone(given), Given{o.Name, sample(*o)})
	}
}

// tryWith is one attempt, which may take its time, but not for ever: a module that does not end is left behind.
func (c *Checker) tryWith(ctx context.Context, module string, k kind, given []Given) *attempt {
	ctx, cancel := context.WithTimeout(ctx, c.limit())
	defer cancel()
	done := make(chan *attempt, 1)
	go func() { done <- c.load(ctx, module, k, given) }()
	select {
	case a := <-done:
		return a
	case <-ctx.Done():
	}
	select {
	case a := <-done:
		return a
	case <-time.After(c.patience()): // for the server to end
		err := fmt.Errorf("more than %s to load", c.limit())
		return &attempt{module: module, kind: k.name, err: err, final: true, given: given, needs: need{text: err.Error()}}
	}
}

// load makes a server and loads the module.
func (c *Checker) load(ctx context.Context, module string, k kind, given []Given) (a *attempt) {
	a = &attempt{module: module, kind: k.name, given: given}
	defer func() {
		if p := recover(); p != nil {
			a.err = fmt.Errorf("the server failed: %v", p)
			a.needs = need{text: a.err.Error()}
		}
	}()
	log := &hearing{}
	srv, done, err := c.serve(ctx, k.dirs, log)
	if err != nil {
		a.err, a.final, a.needs = err, true, need{text: err.Error()}
		return a
	}
	defer done()
	if a.ex, a.err = srv.Examine(ctx, module); a.err != nil {
		a.final, a.needs = true, need{text: a.err.Error(), syntax: true}
		return a
	}
	for _, g := range given {
		if err := srv.SetOption("*", g.Option, g.Value); err != nil {
			a.err, a.needs = err, need{text: "option " + g.Option}
			return a
		}
	}
	log.begin()
	a.err = srv.LoadPlugin(ctx, k.host, module)
	if a.err != nil {
		a.needs = a.missing()
		a.final = strings.Contains(a.err.Error(), "time budget of") // it would take as long elsewhere
		return a
	}
	a.said = log.of(module)
	a.look(srv, k)
	return a
}

// serve starts a server that talks to nobody.
func (c *Checker) serve(ctx context.Context, dirs []string, log *hearing) (srv *host.Server, done func(), err error) {
	dir, err := os.MkdirTemp("", "quatrain-check-")
	if err != nil {
		return nil, nil, err
	}
	o := c.Options
	o.ConfigFile, o.Config = "", c.config(dirs)
	o.DataDir, o.Listen, o.Offline, o.Log = dir, &host.Listen{}, true, log.logger()
	srv, err = host.New(o)
	if err == nil {
		err = srv.Start(ctx)
	}
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	return srv, func() {
		srv.Stop(context.WithoutCancel(ctx), "the module was tried") // how it ends is not what was asked
		os.RemoveAll(dir)
	}, nil
}

// look finds out what the module does, now that it is loaded.
func (a *attempt) look(srv *host.Server, k kind) {
	for _, p := range srv.Plugins() {
		if p.Name != a.module || p.Host != k.host && p.Host != "*" {
			continue
		}
		a.info = p
		if p.Host == "*" {
			a.kind = "global"
		}
		if p.Host == k.host {
			return
		}
	}
}

// better is whether an attempt says more than another: one that loads, with few complaints, or one that came far.
func (a *attempt) better(than *attempt) bool {
	if (a.err == nil) != (than.err == nil) {
		return a.err == nil
	}
	if a.err == nil {
		return len(a.said) < len(than.said)
	}
	return a.needs.line > than.needs.line
}

// tell writes an attempt into the report.
func (a *attempt) tell(m *Module) {
	m.Given = a.given
	if a.err != nil {
		m.State, m.Needs, m.At = Needs, a.needs.text, a.needs.at
		if a.needs.syntax {
			m.State = Broken
		}
		return
	}
	m.State, m.On = Loads, a.kind
	m.fill(a.info)
	for _, d := range a.ex.Doubts {
		m.Warnings = append(m.Warnings, Warning{At: place(d.File, d.Line), Text: d.Text})
	}
	m.Warnings = together(append(m.Warnings, a.said...))
	if len(m.Warnings) > 0 {
		m.State = Warnings
	}
}

// together makes one warning of those that say the same of several lines of a file.
func together(list []Warning) (fewer []Warning) {
	for _, w := range list {
		file, line, _ := strings.Cut(w.At, ":")
		i := slices.IndexFunc(fewer, func(f Warning) bool { return f.Text == w.Text && strings.HasPrefix(f.At, file+":") })
		if i < 0 || line == "" {
			fewer = append(fewer, w)
		} else {
			fewer[i].At += ", " + line
		}
	}
	return fewer
}

func place(file string, line int) string {
	if line == 0 {
		return file
	}
	return fmt.Sprintf("%s:%d", file, line)
}
