package session

import (
	"context"
	"crypto/tls"
	"net"
	"sync/atomic"
	"time"

	"quatrain/sdk"
)

// Link is a connection as a session uses it: the way out, and the filters of what passes. A session has one from its beginning and may
// go on with another's later (stream management), so that what is said of a connection is found here and not in the session.
type Link struct {
	out     output
	filters filters
	tls     atomic.Pointer[tls.ConnectionState]
	conn    any // what modules see of the connection; set before anybody uses the session, may be nil
	face    any // only the script runtime uses it, under its own lock
}

// Link is what the session sends and filters with.
func (s *Session) Link() *Link { return s.link.Load() }

// Conn is what SetConn has set for the session's connection, nil if the session has none now.
func (s *Session) Conn() any {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.state.offline {
		return nil
	}
	return s.link.Load().conn
}

// SetConn says what modules see of the connection, before anybody uses the session.
func (s *Session) SetConn(v any) { s.link.Load().conn = v }

// Offline tells whether the session goes on without a connection: what is sent to it is lost unless a filter keeps it.
func (s *Session) Offline() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.state.offline
}

// Unlink leaves the session without a connection, if it still has this one.
func (s *Session) Unlink(l *Link) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.link.Load() == l {
		s.state.offline = true
	}
}

// TellOn names the bus on which the watcher tells of output. Before each write it is asked whether anybody hooks that, and not the watcher, all of which
// would come from memory that nothing else has needed for long.
func (l *Link) TellOn(bus sdk.Bus) {
	l.out.mu.Lock()
	defer l.out.mu.Unlock()
	l.out.bus = bus
}

// LinkFace and SetLinkFace hold a script runtime's own view of the session's link, which changes with it.
func (s *Session) LinkFace() any     { return s.link.Load().face }
func (s *Session) SetLinkFace(v any) { s.link.Load().face = v }

// linked is what a session can be given as its connection.
type linked interface{ Link() *Link }

// setConn gives the session another connection, or none. It is called with mu held.
func (s *Session) setConn(v any) {
	c, ok := v.(linked)
	s.state.offline = !ok
	if ok {
		s.link.Store(c.Link())
	}
}

// WriteRaw queues bytes as they are.
func (l *Link) WriteRaw(b []byte) { l.out.appendBytes(noChain, b) }

// Shut ends the connection after what waits, without an end of the stream. Nothing more can be sent.
func (l *Link) Shut() { l.out.shut() }

// Drain waits until what was queued has been written.
func (l *Link) Drain(ctx context.Context) error { return l.out.drain(ctx) }

// Destroy ends the connection at once.
func (l *Link) Destroy() { l.out.destroy() }

// Hold keeps what is sent waiting, Release writes it. The end of the stream is not held.
func (l *Link) Hold()    { l.out.hold(true) }
func (l *Link) Release() { l.out.hold(false) }

// Until is when reading fails if the peer has said nothing until then; the zero time is never. A stream that ends has a time of its own.
func (l *Link) Until(t time.Time) { l.out.until(t) }

// Upgrade goes on with an encrypted connection. The output must have been drained.
func (l *Link) Upgrade(conn net.Conn, state *tls.ConnectionState) {
	l.out.setConn(conn)
	l.tls.Store(state)
}

// TLS is the state of the encrypted connection, nil on a plain one.
func (l *Link) TLS() *tls.ConnectionState { return l.tls.Load() }

// Closing tells whether nothing can be sent any more.
func (l *Link) Closing() bool {
	l.out.mu.Lock()
	defer l.out.mu.Unlock()
	return l.out.closing || l.out.dead
}
