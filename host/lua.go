package host

import (
	"context"
	"errors"
	"iter"
	"path/filepath"
	"time"

	"quatrain/host/internal/account"
	"quatrain/host/internal/c2s"
	"quatrain/host/internal/luabridge"
	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// luaWorld is the server as Lua modules see it (luabridge.Server).
type luaWorld struct{ srv *Server }

func (w *luaWorld) Version() string      { return Version }
func (w *luaWorld) StartTime() time.Time { return w.srv.start }
func (w *luaWorld) ConfigFile() string   { return w.srv.opts.ConfigFile }

// Path is a directory that modules ask for by its kind.
func (w *luaWorld) Path(kind string) string {
	switch kind {
	case "data":
		return w.srv.dir
	case "config":
		return filepath.Dir(w.srv.opts.ConfigFile)
	case "plugins":
		if paths := w.srv.cfg.Load().PluginPaths(); len(paths) > 0 {
			return paths[0]
		}
	}
	return ""
}

func (w *luaWorld) Hosts() (names []string) {
	for _, h := range w.srv.cfg.Load().Hosts() {
		if w.srv.router.Host(h.Name) != nil {
			names = append(names, h.Name)
		}
	}
	return names
}

func (w *luaWorld) HostType(host string) (sdk.HostType, bool) { return hosts{w.srv}.Type(host) }
func (w *luaWorld) HostSession(host string) sdk.Session       { return hosts{w.srv}.Origin(host) }
func (w *luaWorld) Bus(host string) sdk.Bus                   { return hosts{w.srv}.Bus(host) }

func (w *luaWorld) ActivateHost(ctx context.Context, host string) error {
	for _, h := range w.srv.cfg.Load().Hosts() {
		if h.Name == host {
			return w.srv.activate(ctx, h)
		}
	}
	return errors.New("the configuration has no such host")
}

func (w *luaWorld) DeactivateHost(ctx context.Context, host string) error {
	return w.srv.deactivate(ctx, host)
}

func (w *luaWorld) Option(host, name string) any   { return w.srv.cfg.Load().Option(host, name) }
func (w *luaWorld) OptionAt(host, name string) any { return w.srv.cfg.Load().OptionAt(host, name) }

func (w *luaWorld) SetOption(host, name string, value any) {
	if err := w.srv.cfg.Load().Set(host, name, value); err != nil {
		w.srv.log.Warn("option not set", "err", err)
	}
}

func (w *luaWorld) ReloadConfig(ctx context.Context) error { return w.srv.Reload(ctx) }

func (w *luaWorld) AppURL(ctx context.Context, host, app, path, mode string) (string, error) {
	return w.srv.bridge.AppURL(ctx, host, app, path, mode)
}

func (w *luaWorld) Session(full string) sdk.Session { return sessions{w.srv.router}.Find(full) }

func (w *luaWorld) Sessions() iter.Seq[sdk.Session] {
	return func(yield func(sdk.Session) bool) {
		for s := range w.srv.router.Sessions() {
			if !yield(s) {
				return
			}
		}
	}
}

func (w *luaWorld) UserSessions(bare string) []sdk.Session { return sessions{w.srv.router}.Of(bare) }
func (w *luaWorld) TopSessions(bare string) []sdk.Session  { return sessions{w.srv.router}.Top(bare) }
func (w *luaWorld) OnlineUsers(host string) []string       { return w.srv.router.OnlineUsers(host) }

func (w *luaWorld) Process(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	return w.send(ctx, origin, st, w.srv.router.Process)
}

func (w *luaWorld) Post(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	return w.send(ctx, origin, st, w.srv.router.Post)
}

func (w *luaWorld) Submit(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	return w.send(ctx, origin, st, w.srv.router.Submit)
}

func (w *luaWorld) Route(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	return w.send(ctx, origin, st, w.srv.router.Route)
}

var errNoOrigin = errors.New("the stanza is from no host of ours")

// send takes one of the steps of a stanza's way. Without an origin it is the host that the stanza says it is from.
func (w *luaWorld) send(ctx context.Context, origin sdk.Session, st *stanza.Element, step func(context.Context, sdk.Session, *stanza.Element) error) error {
	if origin == nil {
		h := w.srv.hostOf(st.Attr("from"))
		if h == nil {
			return errNoOrigin
		}
		origin = h
	}
	return step(ctx, origin, st)
}

var errNoClient = errors.New("not a client's session")

func (w *luaWorld) Bind(ctx context.Context, s sdk.Session, resource string) error {
	client, ok := s.(*session.Session)
	if !ok {
		return errNoClient
	}
	return w.srv.bind(ctx, client, resource)
}

func (w *luaWorld) Authenticated(ctx context.Context, s sdk.Session, username, role string) error {
	if _, ok := s.(*session.Session); !ok {
		return errNoClient
	}
	if !w.srv.c2s.Authenticated(ctx, s, username, role) {
		return errors.New("the username is not valid")
	}
	return nil
}

func (w *luaWorld) Adopt(a luabridge.Adoption) (sdk.Session, error) {
	return w.srv.c2s.Adopt(c2s.Adoption(a))
}

func (w *luaWorld) DestroySession(ctx context.Context, s sdk.Session, reason string) error {
	client, ok := s.(*session.Session)
	if !ok {
		return errNoClient
	}
	var err error
	if reason != "" {
		err = errors.New(reason)
	}
	w.srv.c2s.Destroy(ctx, client, err)
	return nil
}

func (w *luaWorld) Conns() iter.Seq[luabridge.Conn] {
	return func(yield func(luabridge.Conn) bool) {
		for c := range w.srv.c2s.Streams() {
			if !yield(c) {
				return
			}
		}
	}
}

func (w *luaWorld) Plugin(host, name string) sdk.Plugin {
	if i := w.srv.plugins.Get(host, name); i != nil {
		return i.Plugin
	}
	return nil
}

func (w *luaWorld) ResolvePlugin(host, name string) string {
	if i := w.srv.plugins.Get(host, name); i != nil {
		return i.Name
	}
	return w.srv.cfg.Load().Resolve(name)
}

func (w *luaWorld) HostItems(host, key string) []any {
	return w.srv.items.Of(host, key)
}

func (w *luaWorld) PluginNames(host string) (names []string) {
	for _, i := range w.srv.plugins.Instances(host) {
		names = append(names, i.Name)
	}
	return names
}

func (w *luaWorld) LoadPlugin(ctx context.Context, host, name string) (sdk.Plugin, error) {
	i, err := w.srv.plugins.Load(ctx, host, name)
	if err != nil {
		return nil, err
	}
	return i.Plugin, nil
}

func (w *luaWorld) UnloadPlugin(ctx context.Context, host, name string) error {
	return w.srv.plugins.Unload(ctx, host, name)
}

func (w *luaWorld) ReloadPlugin(ctx context.Context, host, name string) error {
	return w.srv.plugins.Reload(ctx, host, name)
}

func (w *luaWorld) ModulesEnabled(host string) []string {
	t, _ := w.HostType(host)
	return w.srv.cfg.Load().Modules(host, builtin(t))
}

func (w *luaWorld) OpenStore(ctx context.Context, host, name, kind string) (any, error) {
	return w.srv.openStore(ctx, host, name, kind)
}

func (w *luaWorld) PurgeStores(ctx context.Context, host, user string) error {
	return w.srv.stores.Purge(ctx, host, user)
}

func (w *luaWorld) StorageDriver(ctx context.Context, host, name string) (luabridge.StorageDriver, error) {
	return w.srv.stores.Driver(ctx, host, name)
}

func (w *luaWorld) StorageDriverName(host, store string) string {
	return w.srv.stores.DriverName(host, store)
}

func (w *luaWorld) WatchLog(f func(luabridge.LogLine)) (stop func()) { return w.srv.watchers.add(f) }

// Metrics is what the plugins that are not Lua measure, and the server itself.
func (w *luaWorld) Metrics() (list []luabridge.Metric, here bool) {
	for _, f := range w.srv.metrics.Families() {
		m := luabridge.Metric{Kind: f.Kind, Name: f.Name, Unit: f.Unit, Description: f.Description, Labels: f.Labels}
		f.Each(func(labels []string, value, sum float64, count uint64) {
			m.Series = append(m.Series, luabridge.MetricSeries{Labels: labels, Value: value, Sum: sum, Count: count})
		})
		list = append(list, m)
	}
	return list, true
}

func (w *luaWorld) Shutdown(reason string, _ int) {
	select {
	case w.srv.shutdown <- reason:
	default: // one is asked for already
	}
}

func (w *luaWorld) Users() luabridge.Users     { return luaUsers{w.srv} }
func (w *luaWorld) Rosters() luabridge.Rosters { return w.srv.rosters }

// luaUsers are the accounts as Lua modules see them.
type luaUsers struct{ srv *Server }

func (u luaUsers) SASL(ctx context.Context, host string, s sdk.Session) (luabridge.SASL, error) {
	p := u.srv.users.Provider(host)
	if p == nil {
		return nil, account.ErrHost
	}
	return p.SASL(ctx, s)
}

func (u luaUsers) Exists(ctx context.Context, user, host string) (bool, error) {
	return u.srv.users.Exists(ctx, user, host)
}

func (u luaUsers) TestPassword(ctx context.Context, user, host, password string) (bool, error) {
	return u.srv.users.TestPassword(ctx, user, host, password)
}

func (u luaUsers) SetPassword(ctx context.Context, user, host, password, resource string) error {
	return u.srv.users.SetPassword(ctx, user, host, password, resource)
}

func (u luaUsers) Create(ctx context.Context, user, host, password string) error {
	return u.srv.users.Create(ctx, user, host, password)
}

func (u luaUsers) Delete(ctx context.Context, user, host string) error {
	return u.srv.users.Delete(ctx, user, host)
}

func (u luaUsers) Enabled(ctx context.Context, user, host string) (bool, error) {
	return u.srv.users.IsEnabled(ctx, user, host)
}

func (u luaUsers) SetEnabled(ctx context.Context, user, host string, enabled bool) error {
	return u.srv.users.SetEnabled(ctx, user, host, enabled)
}

func (u luaUsers) All(ctx context.Context, host string) iter.Seq2[string, error] {
	return u.srv.users.All(ctx, host)
}

func (u luaUsers) Password(ctx context.Context, user, host string) (string, error) {
	return u.srv.users.Password(ctx, user, host)
}

func (u luaUsers) Info(ctx context.Context, user, host string) (luabridge.AccountInfo, error) {
	info, err := u.srv.users.Info(ctx, user, host)
	return luabridge.AccountInfo(info), err
}

func (u luaUsers) Provider(host string) any { return u.srv.users.Item(host) }

var _ luabridge.Server = (*luaWorld)(nil)
