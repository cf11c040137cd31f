// Package c2s serves clients: their TCP connections, with STARTTLS or TLS from the start (XEP-0368), and their streams from the first tag
// to the last (RFC 6120 §4 to §7).
//
// A stream has one reading goroutine, which parses, negotiates and routes, so that stanzas of one session are handled in order. What is
// negotiated goes over the bus of the host: the features of a stream are what hooks of stream-features put there, and elements of the
// negotiation are the events stanza/NAMESPACE:NAME. The plugins tls and saslauth here answer those of RFC 6120.
//
// Who a client is comes from SASL alone, never from the stream tag. It deliberately knows no stream compression and no SASL EXTERNAL.
package c2s

import (
	"container/list"
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"quatrain/host/internal/router"
	"quatrain/host/internal/sasl"
	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// Config is what streams need of the server. All but Options, Role and AfterFunc is required.
type Config struct {
	Hosts  Hosts
	Router Router
	Users  Users
	Certs  Certificates
	Log    *slog.Logger
	Options
	// Role is the role of a user who has authenticated; nil: none is known.
	Role func(ctx context.Context, username, host string) string
	// AskCertificate tells whether clients of a host are asked for a certificate; the host is "" where TLS begins before it is known. May be nil.
	AskCertificate func(host string) bool
	// Exclusive runs f while no script does: what scripts do to sessions and connections does not happen meanwhile. May be nil.
	Exclusive func(ctx context.Context, f func())
	// AfterFunc starts a timer; time.AfterFunc unless a test has a clock of its own.
	AfterFunc func(d time.Duration, f func()) (stop func() bool)
}

// Hosts knows the hosts of the server.
type Hosts interface {
	// Bus is the bus of a host, the global one for "*", nil if the host is not ours.
	Bus(host string) sdk.Bus
	// Type is the kind of a host; ok is false if it is not ours. Clients are served on local ones.
	Type(host string) (t sdk.HostType, ok bool)
}

// Router handles what sessions send, and knows those that have a resource.
type Router interface {
	// Handle takes one element of a stream, a stanza or one of the negotiation. An error ends the stream.
	Handle(ctx context.Context, s *session.Session, st *stanza.Element) *stanza.StreamError
	// Bind gives a session a resource, one of the router's choice if resource is "". The error is a *stanza.Error for the client.
	Bind(ctx context.Context, s *session.Session, resource string, o router.BindOptions) error
	// Unbind is told that a session is over, whether or not it had a resource. kept is whether a module keeps it nevertheless.
	Unbind(ctx context.Context, s *session.Session, reason error) (kept bool)
	// UserSessions are the bound sessions of a bare JID, with and without a connection.
	UserSessions(bare string) []*session.Session
}

// Users authenticates.
type Users interface {
	SASL(ctx context.Context, s sdk.Session) (sasl.Handler, error)
}

// Certificates chooses the certificate of a connection that was opened to a host, or to one that is not known yet ("").
type Certificates interface {
	For(host string) func(*tls.ClientHelloInfo) (*tls.Certificate, error)
}

// Server is all client streams. Safe for concurrent use.
type Server struct {
	cfg    Config
	opts   Options
	ctx    context.Context // of everything that streams do; ends after Shutdown
	cancel context.CancelFunc
	done   sync.WaitGroup // streams

	pressure *session.Pressure
	rounds   *session.Rounds

	unaccepted, refused, crowded seldom // what is not logged each time

	sweeping sync.Once // starts what lets streams rest

	mu         sync.Mutex // guards the rest; nothing is called under it
	closing    bool
	listeners  map[net.Listener]bool
	streams    map[*stream]bool // by the session's id
	addresses  map[string]int   // connections by IP address
	strangers  list.List        // of *stream, whose clients have not logged in, oldest first
	tlsConfigs map[tlsKey]*tls.Config
}

type tlsKey struct {
	host   string
	direct bool
}

// New makes a server without listeners.
func New(cfg Config) *Server {
	if cfg.AfterFunc == nil {
		cfg.AfterFunc = func(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }
	}
	srv := &Server{
		cfg: cfg, opts: cfg.Options.withDefaults(),
		listeners: map[net.Listener]bool{}, streams: map[*stream]bool{},
		addresses: map[string]int{}, tlsConfigs: map[tlsKey]*tls.Config{},
	}
	srv.pressure, srv.rounds = session.NewPressure(max(srv.opts.QueueTotal, 0)), session.NewRounds()
	srv.ctx, srv.cancel = context.WithCancel(context.Background())
	return srv
}

// Shutdown stops listening, ends all streams with system-shutdown and waits until they are closed; when ctx ends, connections are cut.
func (srv *Server) Shutdown(ctx context.Context) error {
	srv.mu.Lock()
	srv.closing = true
	listeners, streams := srv.listeners, srv.all()
	srv.listeners = map[net.Listener]bool{}
	srv.mu.Unlock()
	for l := range listeners {
		l.Close()
	}
	for _, st := range streams {
		st.close(ctx, &stanza.StreamError{Condition: xmlstream.SystemShutdown})
	}
	ended := make(chan struct{})
	go func() {
		srv.done.Wait()
		close(ended)
	}()
	defer srv.cancel()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
	}
	srv.mu.Lock()
	streams = srv.all()
	srv.mu.Unlock()
	for _, st := range streams {
		st.link.Destroy()
	}
	srv.cancel() // a handler may be waiting for what does not come any more
	<-ended
	return ctx.Err()
}

// all are the streams now; called with mu held.
func (srv *Server) all() []*stream {
	list := make([]*stream, 0, len(srv.streams))
	for st := range srv.streams {
		list = append(list, st)
	}
	return list
}

// Each calls f with the session of each stream and the family of its address, "ipv4" or "ipv6".
func (srv *Server) Each(f func(s sdk.Session, family string)) {
	srv.mu.Lock()
	streams := srv.all()
	srv.mu.Unlock()
	for _, st := range streams {
		family := "ipv4"
		if strings.Contains(st.address, ":") {
			family = "ipv6"
		}
		f(st.sess(), family)
	}
}

// CloseUser ends the streams of a user, but for the one of a resource if that is not "".
func (srv *Server) CloseUser(ctx context.Context, username, host, but string, reason *stanza.StreamError) {
	srv.mu.Lock()
	streams := srv.all()
	srv.mu.Unlock()
	for _, st := range streams {
		s := st.sess()
		if s.Username() == username && s.Host() == host && (but == "" || s.Resource() != but) {
			st.close(ctx, reason)
		}
	}
	for _, s := range srv.cfg.Router.UserSessions(username + "@" + host) {
		if s.Offline() && (but == "" || s.Resource() != but) {
			s.Close(ctx, reason)
		}
	}
}

// CloseHost ends the streams that were opened to a host, whether or not their clients have authenticated.
func (srv *Server) CloseHost(ctx context.Context, host string, reason *stanza.StreamError) {
	srv.mu.Lock()
	streams := srv.all()
	srv.mu.Unlock()
	for _, st := range streams {
		if st.sess().Host() == host {
			st.close(ctx, reason)
		}
	}
}

// streamOf is the stream of a session, nil if it is none of ours.
func (srv *Server) streamOf(s sdk.Session) *stream {
	c, ok := s.(*session.Session)
	if !ok {
		return nil
	}
	if st, ok := c.Conn().(*stream); ok && st.srv == srv {
		return st
	}
	return nil
}

// clientAuth is whether clients are asked for a certificate. What it is worth, is for whoever looks at it to find out.
func (srv *Server) clientAuth(host string) tls.ClientAuthType {
	if f := srv.cfg.AskCertificate; f != nil && f(host) {
		return tls.RequestClientCert
	}
	return tls.NoClientCert
}

// tlsConfig is the configuration for a host; it is kept, so that clients can resume TLS sessions.
func (srv *Server) tlsConfig(host string, direct bool) *tls.Config {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	key := tlsKey{host, direct}
	if c := srv.tlsConfigs[key]; c != nil {
		return c
	}
	c := &tls.Config{ClientAuth: srv.clientAuth(host), MinVersion: tls.VersionTLS12, GetCertificate: srv.cfg.Certs.For(host)}
	if direct {
		c.NextProtos = []string{"xmpp-client"} // XEP-0368
	}
	srv.tlsConfigs[key] = c
	return c
}
