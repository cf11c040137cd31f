// Package host is the server: the place where its parts meet. It lists the parts, connects them and runs them; what they do is in the
// packages below internal.
//
// A Server serves the hosts of its configuration. Features are plugins: a few native ones listed in native.go, and Lua modules.
package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"quatrain/host/internal/account"
	"quatrain/host/internal/c2s"
	"quatrain/host/internal/cert"
	"quatrain/host/internal/config"
	"quatrain/host/internal/event"
	"quatrain/host/internal/luabridge"
	"quatrain/host/internal/luabridge/compat"
	"quatrain/host/internal/metric"
	"quatrain/host/internal/moduleapi"
	"quatrain/host/internal/permission"
	"quatrain/host/internal/plugin"
	"quatrain/host/internal/procbridge"
	"quatrain/host/internal/roster"
	"quatrain/host/internal/router"
	"quatrain/host/internal/storage"
	"quatrain/sdk"
)

// Version is the server's, without its name.
const Version = "0.1.0"

// Options say what to serve.
type Options struct {
	// ConfigFile is a plugins.toml; if "", Config is used, and the configuration cannot be reloaded.
	ConfigFile string
	Config     []byte
	// DataDir replaces the data directory of the configuration.
	DataDir string
	// Plugins are the shipped plugins, a folder each; Library is what Lua modules can require.
	Plugins, Library fs.FS
	// Programs are the shipped plugins that exist in Go, by name.
	Programs map[string]func() sdk.Plugin
	// InProcess runs Programs in the server's own process; for tests.
	InProcess bool
	// Serves chooses among the hosts of the configuration; nil serves all of them. For tests.
	Serves func(host string) bool
	// Runtimes says how plugins are run ("lua" or "go"), by name, instead of the configuration.
	Runtimes map[string]string
	// Log receives everything. nil discards.
	Log *slog.Logger
	// Listen replaces the listeners of the configuration by addresses for plain and direct TLS connections; for tests.
	Listen *Listen
	// Offline lets Lua modules make no connections, as if there was no network.
	Offline bool
	// Exclusive refuses to start where another server runs with the same data, even if this one listens to nothing.
	Exclusive bool
}

// Listen are addresses to listen on, such as 127.0.0.1:0.
type Listen struct{ Plain, DirectTLS []string }

// Server is one running server. Safe for concurrent use.
type Server struct {
	opts     Options
	log      *slog.Logger
	watchers *logWatchers
	start    time.Time
	dir      string // data
	cfg      atomic.Pointer[config.Config]

	global    *event.Bus
	router    *router.Router
	stores    *storage.Manager
	providers *storageProviders
	users     *account.Users
	rosters   *roster.Manager
	certs     *cert.Store
	grants    *permission.Grants
	roles     *permission.Stored
	metrics   *metric.Registry
	plugins   *plugin.Manager
	items     *moduleapi.Items
	bridge    *luabridge.Bridge
	processes *procbridge.Source
	c2s       *c2s.Server
	errors    failures
	early     earlyStanzas
	changes   changes

	mu       sync.Mutex // guards the rest
	buses    map[string]*event.Bus
	shutdown chan string // receives the reason when a plugin asks for the end
	addrs    []net.Addr
	lock     *os.File // of the data directory while the server serves it
	pidfile  string   // "" for none
	control  *http.Server
	stopped  bool
}

// New reads the configuration and connects the parts. Nothing runs yet.
func New(opts Options) (*Server, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	watchers := &logWatchers{}
	opts.Log = slog.New(&logTap{Handler: opts.Log.Handler(), watchers: watchers})
	srv := &Server{opts: opts, log: opts.Log, watchers: watchers, start: time.Now(), buses: map[string]*event.Bus{}, shutdown: make(chan string, 1)}
	cfg, err := srv.readConfig()
	if err != nil {
		return nil, err
	}
	srv.cfg.Store(cfg)
	srv.dir = opts.DataDir
	if srv.dir == "" {
		srv.dir = cfg.Reader(config.Global).Path("data_path")
	}
	if err := os.MkdirAll(srv.dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the data directory: %w", err)
	}
	return srv, srv.connect()
}

func (srv *Server) readConfig() (*config.Config, error) {
	if srv.opts.ConfigFile != "" {
		return config.Load(srv.opts.ConfigFile, srv.opts.Plugins)
	}
	return config.Parse("plugins.toml", srv.opts.Config, srv.opts.Plugins)
}

// connect makes the parts, each with those it needs.
func (srv *Server) connect() (err error) {
	srv.global = event.NewBus(srv.log, srv.errors.count)
	srv.changes.srv = srv
	srv.changes.follow(srv.global)
	srv.router = router.New(srv.global, srv.log)
	srv.providers = newStorageProviders(srv)
	srv.stores = storage.New(srv.storageOptions())
	srv.users = account.New(account.Config{GlobalBus: srv.global, Log: srv.log, Purge: func(ctx context.Context, user, host string) error {
		defer srv.roles.Forget(user, host)
		return srv.stores.Purge(ctx, host, user)
	}, Adapt: srv.scriptProvider})
	srv.rosters = roster.NewManager(srv.openKeyval, members{sessions{srv.router}, srv.users}, srv.rosterLoaded)
	srv.roles = permission.NewStored(srv.openTable)
	srv.grants, srv.metrics = permission.NewGrants(), metric.NewRegistry()
	if srv.certs, err = srv.openCertificates(); err != nil {
		return err
	}
	if err := srv.connectPlugins(); err != nil {
		return err
	}
	srv.c2s = srv.newStreams()
	return nil
}

// connectPlugins makes the Lua world and the module manager.
func (srv *Server) connectPlugins() error {
	dirs, err := pluginDirs(srv.cfg.Load().PluginPaths(), srv.opts.Plugins)
	if err != nil {
		return err
	}
	budget := srv.cfg.Load().Reader(config.Global).Period("handler_timeout")
	srv.bridge = luabridge.New(luabridge.Options{
		Server: &luaWorld{srv}, Log: srv.log, PluginDirs: dirs, Library: srv.opts.Library, Interp: compat.Options{Budget: budget},
	})
	srv.items = moduleapi.NewItems()
	api := &moduleapi.Server{
		Hosts: hosts{srv}, Router: stanzaWay{srv}, Options: options{srv}, Stores: openStores{srv}, Items: srv.items,
		Grants: srv.grants, Roles: srv.roles, Metrics: srv.metrics, Log: srv.log,
	}
	lua := srv.bridge.Source(luabridge.Names{NotFound: plugin.ErrNotFound, NotShared: plugin.ErrNotShared})
	srv.processes = srv.newProcesses(budget)
	srv.plugins = plugin.NewManager(api, policy{srv}, native{srv}, programs{srv}, srv.processes, lua)
	api.Depend = srv.plugins
	return nil
}

// Start activates the hosts and listens. An error leaves nothing running.
func (srv *Server) Start(ctx context.Context) error {
	if srv.opts.Exclusive || srv.listens() {
		err := srv.lockData()
		if err == nil && srv.listens() {
			err = errors.Join(srv.serveControl(), srv.writePID())
		}
		if err != nil {
			return errors.Join(err, srv.closeControl(), srv.stores.Close(), srv.removePID(), srv.unlockData())
		}
	}
	for _, warning := range srv.cfg.Load().Warnings() {
		srv.log.Warn(warning)
	}
	srv.fire(ctx, "server-starting")
	if err := srv.startStatistics(sdk.WithChain(ctx)); err != nil {
		srv.log.Error("no statistics", "err", err)
	}
	srv.plugins.Load(sdk.WithChain(ctx), config.Global, "c2s")
	if err := srv.activateAll(ctx); err != nil {
		srv.Stop(ctx, "starting failed")
		return err
	}
	srv.fire(ctx, "hosts-activated")
	if err := srv.listen(); err != nil {
		srv.Stop(ctx, "starting failed")
		return err
	}
	srv.plugins.Started(sdk.WithChain(ctx))
	srv.changes.begin()
	srv.fire(ctx, "server-started")
	return nil
}

func (srv *Server) activateAll(ctx context.Context) error {
	enabled := slices.DeleteFunc(slices.Clone(srv.cfg.Load().Hosts()), func(h config.Host) bool {
		return !h.Enabled || srv.opts.Serves != nil && !srv.opts.Serves(h.Name)
	})
	for _, h := range enabled {
		srv.early.expect(h.Name)
	}
	for _, h := range enabled {
		srv.early.arrive(h.Name)
		if err := srv.activate(ctx, h); err != nil {
			return err
		}
	}
	srv.sendEarly(ctx)
	return nil
}

// fire fires an event of the server's life; failures are logged by the bus.
func (srv *Server) fire(ctx context.Context, name string, pairs ...any) {
	if srv.global.Has(name) {
		srv.global.Fire(sdk.WithChain(ctx), sdk.NewEvent(name, pairs...))
	}
}

// Stop ends the streams in order, lets the plugins save, and closes the stores. It may be called more than once.
func (srv *Server) Stop(ctx context.Context, reason string) error {
	srv.mu.Lock()
	again := srv.stopped
	srv.stopped = true
	srv.mu.Unlock()
	if again {
		return nil
	}
	srv.fire(ctx, "server-stopping", "reason", reason, "code", 0.0)
	err := errors.Join(srv.changes.end(), srv.closeControl(), srv.c2s.Shutdown(ctx))
	srv.settle(ctx)
	srv.fire(ctx, "server-cleanup")
	srv.plugins.UnloadAll(sdk.WithChain(ctx))
	srv.bridge.Close()
	srv.fire(ctx, "server-stopped", "reason", reason, "code", 0.0)
	return errors.Join(err, srv.processes.Close(), srv.stores.Close(), srv.removePID(), srv.unlockData())
}

// maxSettle is how long the end of the server waits for stanzas that plugins still handle.
const maxSettle = 5 * time.Second

// settle lets plugins handle the last words of clients while all of them are still there.
func (srv *Server) settle(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, maxSettle)
	defer cancel()
	if err := srv.router.Settle(ctx); err != nil {
		srv.log.Warn("stopping, although stanzas are still being handled", "err", err)
	}
}

// ShutdownRequested receives the reason when a plugin asks for the server's end.
func (srv *Server) ShutdownRequested() <-chan string { return srv.shutdown }

// DataDir is where the server keeps its data.
func (srv *Server) DataDir() string { return srv.dir }

// storageOptions are what the configuration says about stores.
func (srv *Server) storageOptions() storage.Options {
	cfg := srv.cfg.Load()
	database, _ := cfg.Reader(config.Global).Table("sql")["database"].(string)
	return storage.Options{
		Dir: srv.dir, Database: database, Default: cfg.Reader(config.Global).String("default_storage"), Logger: srv.log,
		Provided:     srv.providers.find,
		Chosen:       func(host string) []string { return srv.cfg.Load().StorageDrivers(host) },
		Choice:       func(host, store string) string { return srv.cfg.Load().StorageDriver(host, store) },
		ArchiveLimit: func(host, _ string) int { return srv.cfg.Load().Reader(host).Int("storage_archive_item_limit") },
	}
}

func (srv *Server) openKeyval(ctx context.Context, host, store string) (sdk.Keyval, error) {
	s, err := srv.openStore(ctx, host, store, sdk.KindKeyval)
	if err != nil {
		return nil, err
	}
	return s.(sdk.Keyval), nil
}

// rosterLoaded lets the modules of a host add to a roster.
func (srv *Server) rosterLoaded(ctx context.Context, username, host string, r sdk.Roster) (items []sdk.RosterItem, unversioned, changed bool, err error) {
	bus := srv.bus(host)
	if bus == nil || !bus.Has("roster-load") {
		return nil, false, false, nil
	}
	items, unversioned, err = srv.bridge.RosterLoaded(sdk.WithChain(ctx), bus, username, host, r)
	return items, unversioned, err == nil, err
}

func (srv *Server) openTable(ctx context.Context, host, store string) (sdk.KeyvalPlus, error) {
	s, err := srv.openStore(ctx, host, store, sdk.KindKeyvalPlus)
	if err != nil {
		return nil, err
	}
	return s.(sdk.KeyvalPlus), nil
}

func (srv *Server) openCertificates() (*cert.Store, error) {
	cfg := srv.cfg.Load()
	dir := cfg.Reader(config.Global).Path("certificates")
	return cert.Open(cert.Config{Dir: dir, SelfDir: filepath.Join(srv.dir, "certs"), Hosts: streamHosts(cfg), Log: srv.log})
}

// streamHosts are the hosts that clients open streams to, which need certificates.
func streamHosts(cfg *config.Config) (names []string) {
	for _, h := range cfg.Hosts() {
		if h.Enabled && h.Type == sdk.HostLocal {
			names = append(names, h.Name)
		}
	}
	return names
}
