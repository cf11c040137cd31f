package host

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"quatrain/host/internal/config"
	"quatrain/host/internal/plugin"
	"quatrain/host/internal/procbridge"
	"quatrain/host/internal/session"
	"quatrain/sdk/wire/remote"
)

// newProcesses makes the source of plugins in processes of their own.
func (srv *Server) newProcesses(timeout time.Duration) *procbridge.Source {
	return procbridge.NewSource(procbridge.Options{
		Names: procbridge.Names{NotFound: plugin.ErrNotFound, NotShared: plugin.ErrNotShared},
		Find:  srv.program, Log: srv.log, Wire: remote.Options{Timeout: timeout, NewBatch: session.NewBatch},
		Replaced: func(ctx context.Context, host, name string) int { return srv.plugins.ReloadDependents(ctx, host, name) },
		Missed:   func(ctx context.Context, host, name string) int { return srv.plugins.LoadMissed(ctx, host, name) },
		GivenUp: func(ctx context.Context, host, name string) {
			if err := srv.plugins.Unload(ctx, host, name); err != nil {
				srv.log.Error("a plugin that died too often was not unloaded", "host", host, "plugin", name, "err", err)
			}
		},
	})
}

// The words by which the server's own executable serves a plugin, after "plugin": one written in Go, or a Lua module with an interpreter of its own.
const (
	ServeGo  = "serve"
	ServeLua = "isolate"
)

// program is how a plugin is started that runs in a process of its own; ok is false for others.
func (srv *Server) program(name string) (p procbridge.Program, ok bool, err error) {
	s := srv.pluginSettings(name)
	switch {
	case s.Runtime != "go" && !s.Isolate:
		return p, false, nil
	case s.Command != nil:
		p, err = srv.ownProgram(s)
		return p, true, err
	case s.Runtime == "go" && srv.opts.Programs[s.Name] == nil:
		return p, true, fmt.Errorf("runtime is %q, but the server has no such program, and the configuration names no command", "go")
	}
	word := ServeGo
	if s.Runtime != "go" {
		word = ServeLua
	}
	own, err := os.Executable()
	return procbridge.Program{Command: []string{own, "plugin", word, s.Name}}, true, err
}

// ownProgram is a program of the operator's. As all paths of the configuration, the program's is relative to the file; there it also runs.
func (srv *Server) ownProgram(s config.PluginSettings) (procbridge.Program, error) {
	cfg := srv.cfg.Load()
	p := procbridge.Program{Command: slices.Clone(s.Command), SHA256: s.SHA256}
	var err error
	if p.Dir, err = filepath.Abs(cfg.Path(".")); err != nil {
		return p, err
	}
	if program := p.Command[0]; filepath.Base(program) != program && !filepath.IsAbs(program) {
		p.Command[0] = filepath.Join(p.Dir, program)
	}
	return p, nil
}
