package host

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"quatrain/host/internal/config"
	"quatrain/host/internal/control"
	"quatrain/sdk"
)

// ErrNoServer tells that no server runs with a data directory.
var ErrNoServer = control.ErrNoServer

// serveControl begins to listen to the command line. Whoever calls it holds the lock of the data directory.
func (srv *Server) serveControl() error {
	l, err := control.Listen(srv.dir)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /status", control.Answer(func(*http.Request) (any, error) { return srv.Status(true), nil }))
	mux.Handle("GET /plugins", control.Answer(func(*http.Request) (any, error) { return srv.Plugins(), nil }))
	mux.Handle("POST /shell", control.Conversation(srv.talk))
	for word, change := range map[string]func(ctx context.Context, host, name string) error{
		"load": srv.loadPlugin, "unload": srv.plugins.Unload, "reload": srv.plugins.Reload,
	} {
		mux.Handle("POST /plugins/"+word, control.Answer(func(r *http.Request) (any, error) {
			return srv.changePlugin(r.Context(), r.FormValue("host"), r.FormValue("name"), change)
		}))
	}
	srv.control = &http.Server{Handler: mux}
	go srv.control.Serve(l) // ends with closeControl
	return nil
}

func (srv *Server) closeControl() error {
	if srv.control == nil {
		return nil
	}
	err := srv.control.Close()
	if removed := control.Remove(srv.dir); err == nil {
		err = removed
	}
	return err
}

func (srv *Server) loadPlugin(ctx context.Context, host, name string) error {
	_, err := srv.plugins.Load(ctx, host, name)
	return err
}

// changePlugin changes a plugin on a host, or, for reload and unload, wherever it is if host is "". It returns the hosts.
func (srv *Server) changePlugin(ctx context.Context, host, name string, change func(ctx context.Context, host, name string) error) (hosts []string, err error) {
	hosts = []string{host}
	if host == "" {
		if hosts = srv.hostsWith(name); len(hosts) == 0 {
			return nil, fmt.Errorf("plugin %q is not loaded on any host; name a host to load it there", name)
		}
	}
	for _, host := range hosts {
		if err := change(sdk.WithChain(context.WithoutCancel(ctx)), host, name); err != nil {
			return nil, fmt.Errorf("plugin %q on %s: %w", name, host, err)
		}
	}
	return hosts, nil
}

// hostsWith are the hosts that a plugin is loaded on; of a global one that is "*" alone.
func (srv *Server) hostsWith(name string) (hosts []string) {
	for _, i := range srv.plugins.Instances("") {
		if i.Global == nil && srv.plugins.Get(i.Host, name) == i {
			hosts = append(hosts, i.Host)
		}
	}
	return hosts
}

// Control speaks to the server that runs with the data directory of a configuration. What it is asked for is ErrNoServer if there is none.
type Control struct{ client *control.Client }

// NewControl reads the configuration for where the data are, and nothing else.
func NewControl(o Options) (*Control, error) {
	srv := &Server{opts: o}
	cfg, err := srv.readConfig()
	if err != nil {
		return nil, err
	}
	dir := o.DataDir
	if dir == "" {
		dir = cfg.Reader(config.Global).Path("data_path")
	}
	return &Control{control.NewClient(dir)}, nil
}

// Plugins is Server.Plugins.
func (c *Control) Plugins(ctx context.Context) (list []PluginInfo, err error) {
	err = c.client.Do(ctx, "GET", "/plugins", nil, &list)
	return list, err
}

// ChangePlugin loads, unloads or reloads (word) a plugin on a host; with host "" it unloads or reloads it wherever it is. It returns the hosts.
func (c *Control) ChangePlugin(ctx context.Context, word, host, name string) (hosts []string, err error) {
	err = c.client.Do(ctx, "POST", "/plugins/"+word, url.Values{"host": {host}, "name": {name}}, &hosts)
	return hosts, err
}
