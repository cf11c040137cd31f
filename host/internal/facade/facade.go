// Package facade carries the managers of the server (luabridge.Server) to plugins in other processes, as the functions that the plugin
// "server" exports: Functions on the server's side, World on the other. The names and arguments of the functions are those of the interface's methods,
// in the order of words; hosts, users and JIDs are prepared strings.
package facade

import (
	"context"
	"fmt"
	"time"

	"quatrain/host/internal/luabridge"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Plugin is the core plugin "server". It does nothing but export the functions.
type Plugin struct{ functions map[string]sdk.Function }

// Start is what a Lua world is made with.
type Start struct {
	PluginPaths []string      // absolute
	Budget      time.Duration // of an outermost call into Lua
	Ports       Ports
}

// NewPlugin makes it for a server.
func NewPlugin(srv luabridge.Server, start Start) *Plugin { return &Plugin{functions(srv, start)} }

// Load has nothing to do.
func (*Plugin) Load(context.Context, sdk.Module) error { return nil }

// Export is the function of a name.
func (p *Plugin) Export(_ context.Context, name string) (any, error) {
	if f, ok := p.functions[name]; ok {
		return f, nil
	}
	return nil, nil
}

// arguments of a call. What is missing or of another kind reads as nothing.
type arguments []any

func (a arguments) text(i int) string {
	s, _ := a.at(i).(string)
	return s
}

func (a arguments) at(i int) any {
	if i < len(a) {
		return a[i]
	}
	return nil
}

func (a arguments) session(i int) sdk.Session {
	s, _ := a.at(i).(sdk.Session)
	return s
}

func (a arguments) stanza(i int) (*stanza.Element, error) {
	if st, ok := a.at(i).(*stanza.Element); ok {
		return st, nil
	}
	return nil, fmt.Errorf("argument %d: want a stanza, got %T", i+1, a.at(i))
}

type function func(ctx context.Context, a arguments) (any, error)

func functions(srv luabridge.Server, start Start) map[string]sdk.Function {
	all := map[string]sdk.Function{}
	for _, group := range []map[string]function{
		serverFunctions(srv, start), sessionFunctions(srv), stanzaFunctions(srv), pluginFunctions(srv), userFunctions(srv.Users()), roleFunctions(srv.Users()), rosterFunctions(srv.Rosters()),
	} {
		for name, f := range group {
			all[name] = sdk.Func(func(ctx context.Context, args ...any) ([]any, error) {
				result, err := f(ctx, args)
				if err != nil {
					return nil, err
				}
				return []any{result}, nil
			})
		}
	}
	return all
}

func serverFunctions(srv luabridge.Server, start Start) map[string]function {
	return map[string]function{
		"describe": func(context.Context, arguments) (any, error) {
			paths := map[string]any{}
			for _, kind := range []string{"config", "data", "source", "plugins"} {
				paths[kind] = srv.Path(kind)
			}
			return map[string]any{
				"version": srv.Version(), "config_file": srv.ConfigFile(), "start_time": float64(srv.StartTime().Unix()), "paths": paths,
				"plugin_paths": list(start.PluginPaths), "budget": start.Budget.Seconds(), "ports": string(start.Ports),
			}, nil
		},
		"hosts": func(context.Context, arguments) (any, error) { return list(srv.Hosts()), nil },
		"host_type": func(_ context.Context, a arguments) (any, error) {
			if t, ok := srv.HostType(a.text(0)); ok {
				return string(t), nil
			}
			return nil, nil
		},
		"host_session": func(_ context.Context, a arguments) (any, error) { return orNil(srv.HostSession(a.text(0))), nil },
		"activate":     func(ctx context.Context, a arguments) (any, error) { return nil, srv.ActivateHost(ctx, a.text(0)) },
		"deactivate":   func(ctx context.Context, a arguments) (any, error) { return nil, srv.DeactivateHost(ctx, a.text(0)) },
		"option":       func(_ context.Context, a arguments) (any, error) { return srv.Option(a.text(0), a.text(1)), nil },
		"option_at":    func(_ context.Context, a arguments) (any, error) { return srv.OptionAt(a.text(0), a.text(1)), nil },
		"set_option": func(_ context.Context, a arguments) (any, error) {
			srv.SetOption(a.text(0), a.text(1), a.at(2))
			return nil, nil
		},
		"reload_config": func(ctx context.Context, _ arguments) (any, error) { return nil, srv.ReloadConfig(ctx) },
		"app_url": func(ctx context.Context, a arguments) (any, error) {
			return srv.AppURL(ctx, a.text(0), a.text(1), a.text(2), a.text(3))
		},
		"purge_stores": func(ctx context.Context, a arguments) (any, error) {
			return nil, srv.PurgeStores(ctx, a.text(0), a.text(1))
		},
		"driver_name": func(_ context.Context, a arguments) (any, error) {
			return srv.StorageDriverName(a.text(0), a.text(1)), nil
		},
		"shutdown": func(_ context.Context, a arguments) (any, error) {
			code, _ := a.at(1).(float64)
			srv.Shutdown(a.text(0), int(code))
			return nil, nil
		},
	}
}

func list(names []string) []any {
	all := make([]any, len(names))
	for i, name := range names {
		all[i] = name
	}
	return all
}

// orNil keeps a nil session from becoming a value that is not nil.
func orNil(s sdk.Session) any {
	if s == nil {
		return nil
	}
	return s
}

func seconds(v any) time.Duration {
	f, _ := v.(float64)
	return time.Duration(f * float64(time.Second))
}

var _ sdk.Exporter = (*Plugin)(nil)
