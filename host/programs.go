package host

import (
	"context"
	"fmt"

	"quatrain/host/internal/config"
	"quatrain/host/internal/plugin"
	"quatrain/sdk"
)

// programs makes plugins written in Go that are not the core's own (plugin.Source).
type programs struct{ srv *Server }

// New makes the plugin of a name, if the configuration says that it is a program.
func (p programs) New(name, _ string) (sdk.Plugin, error) {
	settings := p.srv.pluginSettings(name)
	switch {
	case !p.srv.opts.InProcess:
		return nil, plugin.ErrNotFound
	case settings.Isolate:
		return NewIsolated(name, p.srv.opts.Plugins, p.srv.opts.Library), nil
	case settings.Runtime != "go":
		return nil, plugin.ErrNotFound
	}
	make := p.srv.opts.Programs[name]
	if make == nil {
		return nil, fmt.Errorf("plugin %q: runtime is %q, but there is no such program in the server", name, "go")
	}
	return make(), nil
}

// Check finds nothing wrong: these plugins were compiled with the server.
func (programs) Check(context.Context, string) error { return nil }

// pluginSettings is how a plugin is run.
func (srv *Server) pluginSettings(name string) config.PluginSettings {
	s := srv.cfg.Load().Plugin(name)
	if runtime, ok := srv.opts.Runtimes[s.Name]; ok {
		s.Runtime = runtime
	}
	return s
}
