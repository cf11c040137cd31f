package host

import (
	"context"
	"math"
	"net"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"quatrain/host/internal/c2s"
	"quatrain/host/internal/config"
	"quatrain/host/internal/permission"
	"quatrain/host/internal/router"
	"quatrain/host/internal/session"
	"quatrain/xmpp/jid"
)

// newStreams makes the server of client streams.
func (srv *Server) newStreams() *c2s.Server {
	r := srv.cfg.Load().Reader(config.Global)
	return c2s.New(c2s.Config{
		Hosts: hosts{srv}, Router: srv.router, Users: srv.users, Certs: srv.certs, Log: srv.log, Exclusive: srv.exclusive,
		AskCertificate: srv.askCertificate,
		Options: c2s.Options{
			AuthTimeout: r.Period("c2s_timeout"), CloseTimeout: r.Period("c2s_close_timeout"), LoginAttempts: r.Int("c2s_login_attempts"),
			UnauthedSize: r.Int("c2s_unauthed_stanza_size_limit"), StanzaSize: r.Int("c2s_stanza_size_limit"),
			MaxElements: r.Int("c2s_max_child_elements"), MaxPerAddress: r.Int("c2s_connections_per_address"), MaxUnauthed: r.Int("c2s_max_unauthenticated"),
			Queue: r.Int("c2s_max_queue_size"), QueueTotal: queueTotal(r.Int("c2s_max_queue_total")), WriteTimeout: r.Period("c2s_write_timeout"), ReadTimeout: readTimeout(r.Table("network_settings")),
		},
		Role: func(ctx context.Context, username, host string) string {
			return permission.RoleOf(ctx, roleFacts{hosts{srv}}, username+"@"+host, host)
		},
	})
}

// readTimeout is network_settings.read_timeout in seconds; 0 if it is not set.
func readTimeout(settings map[string]any) time.Duration {
	seconds, _ := settings["read_timeout"].(float64)
	return time.Duration(seconds * float64(time.Second))
}

// queueTotal is c2s_max_queue_total in bytes, with a default; 0 is no limit. The memory limit is Go's.
func queueTotal(configured int) int {
	memory := debug.SetMemoryLimit(-1)
	if configured > 0 || memory == math.MaxInt64 {
		return configured
	}
	return int(memory / 4)
}

// askCertificate is whether c2s_ssl.verify has "peer".
func (srv *Server) askCertificate(host string) bool {
	if host == "" {
		host = config.Global
	}
	switch verify := srv.cfg.Load().Reader(host).Table("c2s_ssl")["verify"].(type) {
	case string:
		return verify == "peer"
	case []any:
		return slices.Contains(verify, any("peer"))
	}
	return false
}

// exclusive runs f while no Lua module runs.
func (srv *Server) exclusive(ctx context.Context, f func()) {
	defer srv.bridge.Interp().Enter(ctx).Leave()
	f()
}

// bind gives a session a resource by the host's rules.
func (srv *Server) bind(ctx context.Context, s *session.Session, resource string) error {
	r := srv.cfg.Load().Reader(s.Host())
	conflict := router.Conflict(r.String("conflict_resolve"))
	if conflict == "increment" { // another resource, in either way
		conflict = router.Random
	}
	return srv.router.Bind(ctx, s, resource, router.BindOptions{Conflict: conflict, MaxResources: r.Int("max_resources")})
}

func (srv *Server) hostOf(address string) *router.Host {
	_, domain, _ := jid.Split(address)
	return srv.router.Host(domain)
}

// ports are the addresses to listen on: the configured ones, or those of Options.Listen.
func (srv *Server) ports() (plain, direct []string) {
	if l := srv.opts.Listen; l != nil {
		return l.Plain, l.DirectTLS
	}
	return srv.addresses("c2s_ports"), srv.addresses("c2s_direct_tls_ports")
}

// listens is whether the server is there for others, and not only to be looked at.
func (srv *Server) listens() bool {
	plain, direct := srv.ports()
	return len(plain)+len(direct) > 0
}

func (srv *Server) listen() error {
	plain, direct := srv.ports()
	for _, address := range plain {
		if err := srv.open(address, false); err != nil {
			return err
		}
	}
	for _, address := range direct {
		if err := srv.open(address, true); err != nil {
			return err
		}
	}
	return nil
}

// addresses are the ports of an option on all configured interfaces.
func (srv *Server) addresses(option string) (list []string) {
	r := srv.cfg.Load().Reader(config.Global)
	interfaces := r.Set("interfaces")
	if slices.Contains(interfaces, "*") {
		interfaces = []string{""} // IPv4 and IPv6
	}
	for _, port := range r.Ports(option) {
		for _, address := range interfaces {
			list = append(list, net.JoinHostPort(address, strconv.Itoa(port)))
		}
	}
	return list
}

func (srv *Server) open(address string, directTLS bool) error {
	l, err := srv.c2s.Listen(address)
	if err != nil {
		return err
	}
	srv.mu.Lock()
	srv.addrs = append(srv.addrs, l.Addr())
	srv.mu.Unlock()
	srv.log.Info("listening for clients", "address", l.Addr().String(), "direct_tls", directTLS)
	go srv.serve(l, directTLS)
	return nil
}

func (srv *Server) serve(l net.Listener, directTLS bool) {
	if err := srv.c2s.Serve(l, directTLS); err != nil {
		srv.log.Error("listener ended", "address", l.Addr().String(), "err", err)
	}
}

// Addrs are the addresses listened on, in the order of opening: those for plain connections first.
func (srv *Server) Addrs() []net.Addr {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	return append([]net.Addr(nil), srv.addrs...)
}
