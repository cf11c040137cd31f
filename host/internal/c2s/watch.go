package c2s

import (
	"context"
	"errors"
	"os"
	"time"

	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Events of a stream that modules may hook on its host: c2s-pre-ondrain {session} before output is written, c2s-ondrain {session} when
// nothing waits any more, c2s-read-timeout {session} when the client has said nothing for a while (a result that is not true ends the
// connection), pre-session-close {session, reason} before a stream is ended by either side. Global: c2s-closed {session, conn} when
// a connection has ended; session is nil if it was no session's any more.

func (st *stream) Draining() { st.tell(session.EventDraining) }
func (st *stream) Drained()  { st.tell(session.EventDrained) }

// Watching tells whether Draining and Drained tell anybody.
func (st *stream) Watching() bool {
	return st.hooked(session.EventDraining) != nil || st.hooked(session.EventDrained) != nil
}

// hooked is the host's bus if somebody there hooks the event, else nil.
func (st *stream) hooked(event string) sdk.Bus {
	if bus := st.bus.Load(); bus != nil && *bus != nil && (*bus).Has(event) && !st.detached.Load() {
		return *bus
	}
	return nil
}

// tell fires an event {session} on a goroutine that works for no stanza.
func (st *stream) tell(event string) {
	if bus := st.hooked(event); bus != nil {
		bus.Fire(sdk.NewChain(st.srv.ctx), sdk.NewEvent(event, "session", sdk.Session(st.sess()))) // the bus logs failures
	}
}

// await is called before waiting for input: what the stanzas so far have sent is let go, and reading may have to be slower.
func (st *stream) await() {
	st.uncork()
	if g := st.gate.Load(); g != nil {
		g.wait(st.srv.ctx)
	}
	if d := st.srv.opts.ReadTimeout; d > 0 && (st.watched || st.hooked(eventReadTimeout) != nil) {
		st.watched = true // the deadline stays set, so that it must be moved from now on
		st.until = time.Now().Add(d)
		st.link.Until(st.until)
	}
}

const eventReadTimeout = "c2s-read-timeout"

// patient tells whether the end of a read is not one: the client has only said nothing for long, and may go on to do so.
func (st *stream) patient(err error) bool {
	if err == nil || !st.watched || !errors.Is(err, os.ErrDeadlineExceeded) || st.link.Closing() {
		return false
	}
	bus := st.hooked(eventReadTimeout)
	if bus == nil {
		return !st.detached.Load()
	}
	result, err := bus.Fire(st.cork(), sdk.NewEvent(eventReadTimeout, "session", sdk.Session(st.sess())))
	if result == nil && err == nil {
		st.link.WriteRaw([]byte(" ")) // an unreachable client shows by it
		return true
	}
	return result == true
}

// count notes how much has been read, for the limit.
func (st *stream) count(n int) int {
	if g := st.gate.Load(); g != nil {
		g.count(n)
		g.waitOpen(st.srv.ctx)
	}
	return n
}

// beforeClose lets modules act on the end of a session while it can still be sent to. A handler of a stream's features may close it before
// our stream tag was sent.
func (srv *Server) beforeClose(ctx context.Context, s *session.Session, reason *stanza.StreamError) {
	if st := srv.streamOf(s); st != nil {
		st.begun()
	}
	bus := srv.cfg.Hosts.Bus(s.Host())
	if bus == nil || !bus.Has("pre-session-close") {
		return
	}
	ev := sdk.NewEvent("pre-session-close", "session", sdk.Session(s))
	if reason != nil {
		ev.Set("reason", map[string]any{"condition": reason.Condition, "text": reason.Text})
	}
	bus.Fire(sdk.WithChain(ctx), ev) // the bus logs failures
}

// closed tells whoever hooks c2s-closed.
func (st *stream) closed() {
	bus := st.srv.cfg.Hosts.Bus("*")
	if bus == nil || !bus.Has("c2s-closed") {
		return
	}
	ev := sdk.NewEvent("c2s-closed", "conn", st)
	if !st.detached.Load() {
		ev.Set("session", sdk.Session(st.sess()))
	}
	bus.Fire(st.cork(), ev) // the bus logs failures
}
