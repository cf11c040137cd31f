package facade

import (
	"context"
	"fmt"
	"iter"
	"time"

	"quatrain/host/internal/luabridge"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// World is the server as a plugin in another process sees it through the functions that the server exports (luabridge.Server).
type World struct {
	m      sdk.Module
	server sdk.Exporter
	facts  map[string]any // what does not change while the server runs
	own    func(host, name string) sdk.Plugin
}

// NewWorld makes it for a module.
func NewWorld(ctx context.Context, m sdk.Module) (*World, error) {
	p, err := m.Depends(ctx, "server", false)
	if err != nil {
		return nil, err
	}
	server, ok := p.(sdk.Exporter)
	if !ok {
		return nil, fmt.Errorf("the server exports nothing")
	}
	w := &World{m: m, server: server}
	facts, err := w.call(ctx, "describe")
	if err != nil {
		return nil, err
	}
	w.facts, _ = facts.(map[string]any)
	return w, nil
}

// call calls a function of the server. Those that do not fail are called without a chain: nothing is fired by them.
func (w *World) call(ctx context.Context, name string, args ...any) (any, error) {
	v, err := w.server.Export(ctx, name)
	if err != nil {
		return nil, err
	}
	f, ok := v.(sdk.Function)
	if !ok {
		return nil, fmt.Errorf("the server has no function %q", name)
	}
	results, err := f.Call(ctx, args...)
	if err != nil || len(results) == 0 {
		return nil, err
	}
	return results[0], nil
}

// ask is call for what cannot fail but by losing the server, which ends this process.
func (w *World) ask(name string, args ...any) any {
	v, err := w.call(context.Background(), name, args...)
	if err != nil {
		w.m.Logger().Error("asking the server failed", "function", name, "err", err)
	}
	return v
}

func (w *World) text(name string, args ...any) string {
	s, _ := w.ask(name, args...).(string)
	return s
}

func (w *World) do(ctx context.Context, name string, args ...any) error {
	_, err := w.call(ctx, name, args...)
	return err
}

func (w *World) yes(ctx context.Context, name string, args ...any) (bool, error) {
	v, err := w.call(ctx, name, args...)
	return v == true, err
}

func (w *World) fact(name string) string {
	s, _ := w.facts[name].(string)
	return s
}

// Version, ConfigFile, StartTime and Path do not change while the server runs.
func (w *World) Version() string      { return w.fact("version") }
func (w *World) ConfigFile() string   { return w.fact("config_file") }
func (w *World) StartTime() time.Time { return time.Unix(0, 0).Add(seconds(w.facts["start_time"])) }
func (w *World) Path(kind string) string {
	paths, _ := w.facts["paths"].(map[string]any)
	s, _ := paths[kind].(string)
	return s
}

// Start is what this process's Lua world is to be made with.
func (w *World) Start() Start {
	return Start{PluginPaths: texts(w.facts["plugin_paths"]), Budget: seconds(w.facts["budget"]), Ports: Ports(w.fact("ports"))}
}

func (w *World) Hosts() []string { return texts(w.ask("hosts")) }

func (w *World) HostType(host string) (sdk.HostType, bool) {
	t := w.text("host_type", host)
	return sdk.HostType(t), t != ""
}

func (w *World) HostSession(host string) sdk.Session {
	s, _ := w.ask("host_session", host).(sdk.Session)
	return s
}

// Bus is nil for a host that is not ours.
func (w *World) Bus(host string) sdk.Bus {
	switch host {
	case "*":
		return w.m.GlobalBus()
	case w.m.Host():
		return w.m.Bus()
	}
	return w.m.Context(host).Bus()
}

func (w *World) ActivateHost(ctx context.Context, host string) error {
	return w.do(ctx, "activate", host)
}
func (w *World) DeactivateHost(ctx context.Context, host string) error {
	return w.do(ctx, "deactivate", host)
}

func (w *World) Option(host, name string) any           { return w.ask("option", host, name) }
func (w *World) OptionAt(host, name string) any         { return w.ask("option_at", host, name) }
func (w *World) SetOption(host, name string, value any) { w.ask("set_option", host, name, value) }

func (w *World) ReloadConfig(ctx context.Context) error { return w.do(ctx, "reload_config") }

func (w *World) AppURL(ctx context.Context, host, app, path, mode string) (string, error) {
	url, err := w.call(ctx, "app_url", host, app, path, mode)
	s, _ := url.(string)
	return s, err
}

func (w *World) Session(full string) sdk.Session {
	s, _ := w.ask("session", full).(sdk.Session)
	return s
}

func (w *World) Sessions() iter.Seq[sdk.Session] {
	return func(yield func(sdk.Session) bool) {
		for _, s := range w.sessions("sessions") {
			if !yield(s) {
				return
			}
		}
	}
}

func (w *World) sessions(name string, args ...any) (all []sdk.Session) {
	values, _ := w.ask(name, args...).([]any)
	for _, v := range values {
		if s, ok := v.(sdk.Session); ok {
			all = append(all, s)
		}
	}
	return all
}

func (w *World) UserSessions(bare string) []sdk.Session { return w.sessions("user_sessions", bare) }
func (w *World) TopSessions(bare string) []sdk.Session  { return w.sessions("top_sessions", bare) }
func (w *World) OnlineUsers(host string) []string       { return texts(w.ask("online_users", host)) }

func (w *World) Process(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	return w.do(ctx, "process", orNil(origin), st)
}

func (w *World) Post(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	return w.do(ctx, "post", orNil(origin), st)
}

func (w *World) Submit(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	return w.do(ctx, "submit", orNil(origin), st)
}

func (w *World) Route(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	return w.do(ctx, "route", orNil(origin), st)
}

func (w *World) Bind(ctx context.Context, s sdk.Session, resource string) error {
	return w.do(ctx, "bind", orNil(s), resource)
}

func (w *World) DestroySession(ctx context.Context, s sdk.Session, reason string) error {
	return w.do(ctx, "destroy_session", orNil(s), reason)
}

// Conns are none: connections stay in the server's process.
func (w *World) Conns() iter.Seq[luabridge.Conn] { return func(func(luabridge.Conn) bool) {} }

func (w *World) Authenticated(ctx context.Context, s sdk.Session, username, role string) error {
	return w.do(ctx, "authenticated", orNil(s), username, role)
}

// Own tells the world which plugins are in this process: f is asked first, and returns nil for others.
func (w *World) Own(f func(host, name string) sdk.Plugin) { w.own = f }

// Plugin is one of this process, or stands for a plugin of the server.
func (w *World) Plugin(host, name string) sdk.Plugin {
	if w.own != nil {
		if p := w.own(host, name); p != nil {
			return p
		}
	}
	if w.ask("plugin_loaded", host, name) != true {
		return nil
	}
	return &distant{w, host, name}
}

func (w *World) ResolvePlugin(host, name string) string {
	return w.text("resolve_plugin", host, name)
}
func (w *World) PluginNames(host string) []string { return texts(w.ask("plugin_names", host)) }

func (w *World) HostItems(host, key string) []any { return w.m.Context(host).Items(key) }

func (w *World) ModulesEnabled(host string) []string { return texts(w.ask("modules_enabled", host)) }
func (w *World) Shutdown(reason string, code int)    { w.ask("shutdown", reason, float64(code)) }
func (w *World) Users() luabridge.Users              { return remoteUsers{w} }
func (w *World) Rosters() luabridge.Rosters          { return remoteRosters{w} }

func (w *World) LoadPlugin(ctx context.Context, host, name string) (sdk.Plugin, error) {
	return &distant{w, host, name}, w.do(ctx, "load_plugin", host, name)
}

func (w *World) UnloadPlugin(ctx context.Context, host, name string) error {
	return w.do(ctx, "unload_plugin", host, name)
}

func (w *World) ReloadPlugin(ctx context.Context, host, name string) error {
	return w.do(ctx, "reload_plugin", host, name)
}

func (w *World) OpenStore(ctx context.Context, host, name, kind string) (any, error) {
	return w.m.Context(host).OpenStore(ctx, name, kind)
}

func (w *World) PurgeStores(ctx context.Context, host, user string) error {
	return w.do(ctx, "purge_stores", host, user)
}

// WatchLog tells nothing: the server's log is not sent to processes of plugins.
func (w *World) WatchLog(func(luabridge.LogLine)) (stop func()) {
	w.m.Logger().Warn("the log of the server cannot be watched in a process of its own")
	return func() {}
}

// Metrics are the server's.
func (w *World) Metrics() ([]luabridge.Metric, bool) { return nil, false }

// StorageDriver opens the stores that the operator has given to the driver: drivers are the server's own, or tables of its interpreter.
func (w *World) StorageDriver(_ context.Context, host, name string) (luabridge.StorageDriver, error) {
	return driver{w, host, name}, nil
}

// driver is a storage driver as a module in a process of its own has it.
type driver struct {
	w          *World
	host, name string
}

func (d driver) Open(ctx context.Context, host, store, kind string) (any, error) {
	if chosen := d.w.StorageDriverName(host, store); chosen != d.name {
		return nil, fmt.Errorf("a module in a process of its own gets the store %q from the storage driver %q alone, not from %q", store, chosen, d.name)
	}
	return d.w.OpenStore(ctx, host, store, kind)
}

func (d driver) Purge(context.Context, string, string) error {
	return fmt.Errorf("a module in a process of its own cannot empty the storage driver %q", d.name)
}

func (d driver) Stores(context.Context, string, string) ([]string, error) {
	return nil, fmt.Errorf("a module in a process of its own cannot list what the storage driver %q has", d.name)
}

func (w *World) StorageDriverName(host, store string) string {
	return w.text("driver_name", host, store)
}

// distant is a plugin that is loaded elsewhere.
type distant struct {
	w          *World
	host, name string
}

func (*distant) Load(context.Context, sdk.Module) error { return nil }

func (d *distant) Export(ctx context.Context, name string) (any, error) {
	return d.w.call(ctx, "plugin_export", d.host, d.name, name)
}

var (
	_ luabridge.Server = (*World)(nil)
	_ sdk.Exporter     = (*distant)(nil)
)
