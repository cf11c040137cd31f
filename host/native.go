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

// New makes the plugin of a name.
func (n native) New(name, host string) (sdk.Plugin, error) {
	srv := n.srv
	switch name {
	case "iq":
		return iq.New(sessions{srv.router}), nil
	case "message":
		return message.New(members{sessions{srv.router}, srv.users}), nil
	case "presence":
		return presence.New(srv.router, srv.rosters), nil
	case "roster":
		return roster.New(srv.rosters), nil
	case "offline":
		return offline.New(), nil
	case "tls":
		return srv.c2s.NewTLS(), nil
	case "server":
		cfg := srv.cfg.Load()
		return facade.NewPlugin(&luaWorld{srv}, facade.Start{PluginPaths: cfg.PluginPaths(), Budget: cfg.Reader(config.Global).Period("handler_timeout")}), nil
	case "saslauth":
		return srv.c2s.NewSASL(), nil
	case "auth_internal_hashed":
		return account.NewHashedPlugin(), nil
	case "auth_anonymous":
		return account.NewAnonymousPlugin(srv.router), nil
	}
	if name == "c2s" && host == config.Global {
		return srv.c2s.NewPlugin(), nil
	}
	if slices.Contains(inCore, name) {
		return nothing{}, nil
	}
	return nil, plugin.ErrNotFound
}

// Check finds nothing wrong: native plugins were compiled with the server.
func (native) Check(context.Context, string) error { return nil }

// inCore are plugins whose work the core does without being asked; a configuration that names them is right.
var inCore = []string{"c2s", "posix", "limits"}

// nothing is a plugin that does nothing.
type nothing struct{}

func (nothing) Load(context.Context, sdk.Module) error { return nil }
