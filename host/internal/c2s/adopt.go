package c2s

import (
	"context"
	"errors"
	"io"
	"net"

	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Adoption is a client whose stream a plugin reads and writes, as with BOSH. The functions are the plugin's; they may be called from any
// goroutine.
type Adoption struct {
	Host, IP string
	Secure   bool
	// Send brings a stanza to the client; false if that is not possible.
	Send func(ctx context.Context, st *stanza.Element) bool
	// Close ends the stream, and calls Destroy when it has ended.
	Close func(ctx context.Context, reason *stanza.StreamError)
	// Restart tells that the client opens its stream again, as after SASL.
	Restart func(ctx context.Context)
}

var errShuttingDown = errors.New("the server is shutting down")

// Adopt makes a session of such a client. It counts as a stream of this server until it is destroyed.
func (srv *Server) Adopt(a Adoption) (*session.Session, error) {
	here, there := net.Pipe() // stands for the connection: closed when the session ends
	st := srv.open(here, ConnOptions{Secure: a.Secure})
	if st == nil {
		return nil, errShuttingDown
	}
	st.adopted, st.host, st.headerSent = &a, a.Host, true
	bus := srv.cfg.Hosts.Bus(a.Host)
	st.bus.Store(&bus)
	st.link.TellOn(bus)
	s := st.sess()
	s.SetHost(a.Host)
	s.SetField("ip", a.IP)
	s.OverrideSend(a.Send)
	s.OverrideClose(a.Close)
	go func() {
		io.Copy(io.Discard, there)
		srv.forget(st)
	}()
	return s, nil
}

// Adopted is whether a session was made by Adopt.
func (srv *Server) Adopted(s sdk.Session) bool {
	st := srv.streamOf(s)
	return st != nil && st.adopted != nil
}

// encrypted is whether the stream is, as far as the plugin that serves it says so.
func (st *stream) encrypted() bool {
	if st.adopted != nil {
		return st.sess().Secure()
	}
	return st.secure
}

// restart is ready for the client to open its stream again.
func (st *stream) restart(ctx context.Context) {
	if st.adopted != nil {
		st.adopted.Restart(ctx)
		return
	}
	st.next = restart
}
