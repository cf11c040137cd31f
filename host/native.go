package host

import (
	"context"
	"slices"

	"quatrain/host/internal/account"
	"quatrain/host/internal/config"
	"quatrain/host/internal/facade"
	"quatrain/host/internal/iq"
	"quatrain/host/internal/message"
	"quatrain/host/internal/offline"
	"quatrain/host/internal/plugin"
	"quatrain/host/internal/presence"
	"quatrain/host/internal/roster"
	"quatrain/sdk"
)

// builtin are the plugins that every host of a kind has, whatever the configuration enables.
func builtin(t sdk.HostType) []string {
	if t == sdk.HostComponent {
		return []string{"iq"}
	}
	return []string{"presence", "message", "iq", "offline"}
}

// native makes the core's own plugins (plugin.Source).
type native struct{ srv *Server }

// natives make the core's own plugins, by name.
var natives = map[string]func(srv *Server) sdk.Plugin{
	"iq":                   func(srv *Server) sdk.Plugin { return iq.New(sessions{srv.router}) },
	"message":              func(srv *Server) sdk.Plugin { return message.New(members{sessions{srv.router}, srv.users}) },
	"presence":             func(srv *Server) sdk.Plugin { return presence.New(srv.router, srv.rosters) },
	"roster":               func(srv *Server) sdk.Plugin { return roster.New(srv.rosters) },
	"offline":              func(*Server) sdk.Plugin { return offline.New() },
	"tls":                  func(srv *Server) sdk.Plugin { return srv.c2s.NewTLS() },
	"saslauth":             func(srv *Server) sdk.Plugin { return srv.c2s.NewSASL() },
	"auth_internal_hashed": func(*Server) sdk.Plugin { return account.NewHashedPlugin() },
	"auth_anonymous":       func(srv *Server) sdk.Plugin { return account.NewAnonymousPlugin(srv.router) },
	"server":               newFacade,
}

func newFacade(srv *Server) sdk.Plugin {
	cfg := srv.cfg.Load()
	return facade.NewPlugin(&luaWorld{srv}, facade.Start{PluginPaths: cfg.PluginPaths(), Budget: cfg.Reader(config.Global).Period("handler_timeout"), Ports: srv.servicePorts()})
}

// New makes the plugin of a name.
func (n native) New(name, host string) (sdk.Plugin, error) {
	if make := natives[name]; make != nil {
		return make(n.srv), nil
	}
	if name == "c2s" && host == config.Global {
		return n.srv.c2s.NewPlugin(), nil
	}
	if slices.Contains(inCore, name) {
		return nothing{}, nil
	}
	return nil, plugin.ErrNotFound
}

// IsNative is whether a plugin is part of the server, so that no other one of its name is ever loaded.
func IsNative(name string) bool { return natives[name] != nil || slices.Contains(inCore, name) }

// DoesItself is whether the server itself does what Prosody's module of a name is for.
func DoesItself(name string) bool { return IsNative(name) && name != "server" }

// Check finds nothing wrong: native plugins were compiled with the server.
func (native) Check(context.Context, string) error { return nil }

// inCore are plugins whose work the core does without being asked; a configuration that names them is right.
var inCore = []string{"c2s", "posix"}

// nothing is a plugin that does nothing.
type nothing struct{}

func (nothing) Load(context.Context, sdk.Module) error { return nil }
