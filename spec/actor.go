package spec

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

var errPeerClosed = errors.New("the server closed the connection")

// actor is a client on the stage: its connection, and what it has received.
type actor struct {
	*Client
	player  *Player
	account jid.JID
	stream  *stream // nil while not connected
	inbox   *inbox
	done    chan struct{}   // closed when the reading goroutine has ended
	touched map[string]bool // bare JIDs that stanzas were sent to since the last roundTrip
	came    []Arrival       // passed over since the last match
}

// connect dials, negotiates and starts reading. A login that fails because there is no account is tried again after registering one.
func (a *actor) connect(ctx context.Context) error {
	s, err := a.negotiate(ctx, (*actor).bound)
	if isUnknownAccount(err) && a.player.Register {
		if _, err = a.negotiate(ctx, (*actor).registered); err != nil {
			return fmt.Errorf("the account is unknown: %w", err)
		}
		s, err = a.negotiate(ctx, (*actor).bound)
	}
	if err != nil {
		return err
	}
	a.read(s)
	return nil
}

// openStream is connect without a login. The first thing that the client receives are the stream's features.
func (a *actor) openStream(ctx context.Context) error {
	s, err := a.negotiate(ctx, func(*actor, *stream) error { return nil })
	if err != nil {
		return err
	}
	a.read(s, s.features)
	return nil
}

// read begins to receive what comes on a stream, after what has come already.
func (a *actor) read(s *stream, came ...*stanza.Element) {
	a.stream, a.inbox, a.done, a.came = s, newInbox(), make(chan struct{}), nil
	a.touched = map[string]bool{}
	for _, st := range came {
		a.inbox.put(st)
	}
	go a.receive(s, a.inbox, a.done)
}

// negotiate opens a secured stream and does the rest; it fails when ctx ends. registered leaves no stream behind.
func (a *actor) negotiate(ctx context.Context, rest func(*actor, *stream) error) (*stream, error) {
	conn, err := a.player.Dial(ctx, a.Client)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	s := newStream(conn, hostOf(a.Client), a.player.timeout())
	err = s.open()
	if err == nil {
		err = s.secure(tlsConfig(a.player.TLS, s.domain))
	}
	if err == nil {
		err = rest(a, s)
	}
	if err == nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil {
		conn.Close()
		return nil, describeEnd(ctx, err)
	}
	return s, nil
}

func (a *actor) bound(s *stream) error {
	if err := s.login(a.account, a.Password); err != nil {
		return err
	}
	return s.bind(a.Resource)
}

func (a *actor) registered(s *stream) error {
	defer s.conn.Close()
	return s.register(a.account, a.Password)
}

func hostOf(c *Client) string { return jid.MustParse(c.JID).Domain() }

// describeEnd says what an error on a connection means to the reader of a report.
func describeEnd(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed),
		errors.Is(err, io.ErrClosedPipe):
		return errPeerClosed
	}
	return err
}

// receive reads until the stream ends.
func (a *actor) receive(s *stream, in *inbox, done chan struct{}) {
	defer close(done)
	for {
		st, err := s.dec.Next()
		if err != nil {
			in.end(describeEnd(context.Background(), err))
			return
		}
		in.put(st)
	}
}

func (a *actor) send(st *stanza.Element) error {
	a.touched[""] = true
	if to, err := jid.Parse(st.To()); err == nil {
		a.touched[to.Bare().String()] = true
	}
	return a.stream.send(st)
}

// disconnect ends the stream, waits until the server has done so too, and closes the connection. Presence of the client is gone then.
func (a *actor) disconnect(ctx context.Context) error {
	s := a.stream
	a.stream = nil
	defer s.conn.Close()
	if err := s.write([]byte("</stream:stream>")); err != nil {
		return err
	}
	select {
	case <-a.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("the server does not end the stream: %w", context.Cause(ctx))
	}
}
