package c2s

import (
	"bytes"
	"context"
	"crypto/tls"
	"iter"
	"net"
	"time"

	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// What modules see of a connection, and do to it. All but Restart and Secure may be called from any goroutine.

// sess is whose stream this is, or was until it became nobody's.
func (st *stream) sess() *session.Session { return st.current.Load() }

// Link is the way out of a session that goes on with this connection.
func (st *stream) Link() *session.Link { return st.link }

// Session is whose stream this is, nil if nobody's.
func (st *stream) Session() sdk.Session {
	if st.detached.Load() {
		return nil
	}
	return st.sess()
}

// Serve gives the stream to another session: what is read from now on is its. With nil it is nobody's; what is read is thrown away, and
// its end is the end of no session.
func (st *stream) Serve(s sdk.Session) {
	c, ok := s.(*session.Session)
	if ok {
		st.current.Store(c)
	}
	st.detached.Store(!ok)
}

// Face and SetFace hold a script runtime's own view of the connection.
func (st *stream) Face() any     { return st.face }
func (st *stream) SetFace(v any) { st.face = v }

// Addrs are the client's address and ours, each nil if the connection has none.
func (st *stream) Addrs() (remote, local net.Addr) { return st.raw.RemoteAddr(), st.raw.LocalAddr() }

// TLS is the state of the encrypted connection, nil on a plain one.
func (st *stream) TLS() *tls.ConnectionState { return st.link.TLS() }

// Write sends bytes as they are.
func (st *stream) Write(b []byte) { st.link.WriteRaw(b) }

// Shut ends the connection after what waits, without an end of the stream.
func (st *stream) Shut() { st.link.Shut() }

// Ending lets reading go on, to the end of the stream.
func (st *stream) Ending() {
	if g := st.gate.Load(); g != nil {
		g.free()
	}
}

// Hold keeps what is sent waiting, Release lets it go.
func (st *stream) Hold()    { st.link.Hold() }
func (st *stream) Release() { st.link.Release() }

// Pause stops reading, Resume goes on.
func (st *stream) Pause() { st.slow().close() }
func (st *stream) Resume() {
	if g := st.gate.Load(); g != nil {
		g.open()
	}
}

// Limit reads no more than so many bytes in a second, and after a pause as many as in the time of burst at once; 0 is no limit.
func (st *stream) Limit(bytesPerSecond float64, burst time.Duration) {
	st.slow().limit(bytesPerSecond, burst)
}

func (st *stream) slow() *gate {
	st.gate.CompareAndSwap(nil, newGate())
	return st.gate.Load()
}

// Restart is ready for the client to open its stream again, when the element is handled that the handler who calls it is handling.
func (st *stream) Restart() { st.next = restart }

// Secure begins TLS when that element is handled. Whoever sits in between could have put there what has come behind it, and it would pass for something
// the client said under protection.
func (st *stream) Secure(ctx context.Context, config *tls.Config) {
	if len(bytes.TrimSpace(st.dec.Buffered())) > 0 {
		st.close(ctx, &stanza.StreamError{Condition: xmlstream.PolicyViolation, Text: "nothing may follow the request for TLS"})
		return
	}
	st.tls, st.next = config, upgrade
}

// Authenticated makes a session a user's, who is named by a localpart; ok is false if that is none. role may be "", which is that of the
// user. The session must be one of ours, and it must be handled now.
func (srv *Server) Authenticated(ctx context.Context, s sdk.Session, username, role string) (ok bool) {
	st := srv.streamOf(s)
	username, prepared := jid.Nodeprep(username, true)
	if st == nil || !prepared || username == "" {
		return false
	}
	st.authenticated(ctx, username, role)
	return true
}

// Streams iterates over all connections now.
func (srv *Server) Streams() iter.Seq[*stream] {
	srv.mu.Lock()
	streams := srv.all()
	srv.mu.Unlock()
	return func(yield func(*stream) bool) {
		for _, st := range streams {
			if st.adopted == nil && !yield(st) {
				return
			}
		}
	}
}

// Destroy ends a session without a word to its client: unless modules keep it, it is unbound, and its connection closed.
func (srv *Server) Destroy(ctx context.Context, s *session.Session, reason error) {
	if !srv.cfg.Router.Unbind(ctx, s, reason) {
		s.Destroy()
	}
}
