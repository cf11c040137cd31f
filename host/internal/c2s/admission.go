package c2s

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"time"

	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// Connections whose clients have not logged in cost as much as others, and anybody can open them. When there are too many, the oldest makes
// room: whoever logs in does so soon, and whoever only takes places loses them.

// admit registers a stream; reason is why it is refused, nil if it is not.
func (srv *Server) admit(st *stream) (reason *stanza.StreamError) {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	switch {
	case srv.closing:
		return &stanza.StreamError{Condition: xmlstream.SystemShutdown}
	case srv.opts.MaxPerAddress > 0 && st.address != "" && srv.addresses[st.address] >= srv.opts.MaxPerAddress:
		return &stanza.StreamError{Condition: xmlstream.PolicyViolation, Text: "too many connections from this address"}
	}
	srv.streams[st] = true
	srv.addresses[st.address]++
	srv.done.Add(1)
	return nil
}

// refuse tells a client why it is refused, if that is possible without waiting, and closes its connection.
func (srv *Server) refuse(conn net.Conn, o ConnOptions, reason *stanza.StreamError) {
	defer conn.Close()
	if o.Direct {
		return
	}
	conn.SetWriteDeadline(time.Now().Add(refusalTimeout))
	out := reason.AppendXML(appendHeader(nil, newStreamID(), "", ""))
	conn.Write(append(out, "</stream:stream>"...)) // an error is the client's loss
}

// refusalTimeout is how long a client may take to be told that it is refused: the buffers of a new connection are empty.
const refusalTimeout = 100 * time.Millisecond

// strange notes a stream whose client has not logged in. Is that one too many, the oldest has to go.
func (srv *Server) strange(st *stream) {
	srv.mu.Lock()
	st.place = srv.strangers.PushBack(st)
	var oldest *stream
	if limit := srv.opts.MaxUnauthed; limit > 0 && srv.strangers.Len() > limit {
		oldest = srv.oldest()
	}
	srv.mu.Unlock()
	srv.displace(oldest)
}

// oldest is the one of the strangers that has been there longest, and is none any more; nil if there are none. Called with mu held.
func (srv *Server) oldest() *stream {
	first := srv.strangers.Front()
	if first == nil {
		return nil
	}
	st := srv.strangers.Remove(first).(*stream)
	st.place = nil
	return st
}

// familiar is told that a stream's client has logged in, or gone.
func (srv *Server) familiar(st *stream) {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	if st.place != nil {
		srv.strangers.Remove(st.place)
		st.place = nil
	}
}

// makeRoom ends the oldest stream whose client has not logged in.
func (srv *Server) makeRoom() {
	srv.mu.Lock()
	st := srv.oldest()
	srv.mu.Unlock()
	srv.displace(st)
}

// displace ends a stream that has to make room; nil is none.
func (srv *Server) displace(st *stream) {
	if st == nil {
		return
	}
	srv.crowded.warn(srv.cfg.Log, "too many clients have not logged in, the oldest makes room", "address", st.address)
	go func() { // not who is let in waits for it
		st.close(srv.ctx, &stanza.StreamError{Condition: xmlstream.ResourceConstraint, Text: "too many clients have not logged in"})
		ctx, cancel := context.WithTimeout(srv.ctx, refusalTimeout)
		defer cancel()
		st.link.Drain(ctx)
		st.link.Destroy()
	}()
}

// seldom logs what may happen thousands of times a second.
type seldom struct {
	mu    sync.Mutex // guards the rest
	next  time.Time
	times int // since it was logged
}

const seldomPause = 10 * time.Second

func (s *seldom) warn(log *slog.Logger, message string, attrs ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.times++
	now := time.Now()
	if now.Before(s.next) {
		return
	}
	log.Warn(message, append(attrs, "times", s.times)...)
	s.next, s.times = now.Add(seldomPause), 0
}
