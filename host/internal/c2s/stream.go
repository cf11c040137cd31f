package c2s

import (
	"container/list"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"quatrain/host/internal/sasl"
	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// stream is one client's connection. All but address, link, what says so and what mu guards belongs to the reading goroutine; that is also
// the one that handlers of the negotiation run on.
type stream struct {
	srv     *Server
	link    *session.Link
	address string
	direct  bool
	ended   chan struct{} // closed at the end; nil if nobody waits for it
	own     session.Session

	current  atomic.Pointer[session.Session] // whose stream it is; never nil
	detached atomic.Bool                     // it is nobody's any more: what it reads is thrown away
	bus      atomic.Pointer[sdk.Bus]         // of the host; nil before the first stream tag
	gate     atomic.Pointer[gate]            // slows reading; nil unless somebody asked for it
	face     any                             // only the script runtime uses it, under its own lock
	adopted  *Adoption                       // of a stream that a plugin reads and writes; nil for others

	raw      net.Conn // as it was accepted; immutable
	conn     net.Conn
	socket   *xmlstream.Socket // what conn stands on; nil if that is none of the system's
	in       input
	dec      xmlstream.Decoder
	opened   bool // the client's stream tag has been read
	next     step
	host     string // "" before the first stream tag
	secure   bool
	exporter []byte      // channel binding of the connection, nil if it has none
	tls      *tls.Config // that a module wants, nil for that of the host
	sasl     sasl.Handler
	watched  bool      // reading has a deadline, for c2s-read-timeout
	until    time.Time // that deadline
	failures int       // of authentication, for whatever reason
	guesses  int       // of these, with a wrong name or password

	chain    *sdk.Chain // of the stanzas being handled; nil between batches
	release  func()     // lets go what chain holds back
	written  sdk.Ticket // of the batches before: who is answered may rely on everything that was sent earlier; may be nil
	stopAuth func() bool

	place *list.Element // among the strangers; Server.mu guards it; nil if it is none

	state       atomic.Int32 // see rest.go; to and from poked under mu
	mu          sync.Mutex   // guards the rest; only the session's output is called under it
	headerSent  bool
	handshaking bool // the connection speaks neither XML nor TLS
}

// step is what follows the element that is being handled.
type step int

const (
	goOn    step = iota
	restart      // the client opens its stream again, as after SASL
	upgrade      // TLS begins
)

func (srv *Server) newStream(conn net.Conn, o ConnOptions) *stream {
	st := &stream{srv: srv, raw: conn, conn: conn, address: addressOf(conn), direct: o.Direct, secure: o.Secure}
	st.socket, _ = xmlstream.Lazy(conn).(*xmlstream.Socket)
	sess := &st.own // in one piece with the stream: pieces would be scattered among the garbage of logins
	sess.Init(session.Config{
		IP: st.address, Conn: conn, Raw: st.socket.Raw(), Secure: o.Secure, Log: srv.cfg.Log, Watcher: st,
		Pressure: srv.pressure, Rounds: srv.rounds,
		Limits: session.Limits{Queue: srv.opts.Queue, WriteTimeout: srv.opts.WriteTimeout},
	})
	sess.SetConn(st)
	sess.BeforeClose(func(ctx context.Context, reason *stanza.StreamError) { srv.beforeClose(ctx, sess, reason) })
	st.link = sess.Link()
	st.current.Store(sess)
	st.dec = *xmlstream.NewDecoder(st.input(conn), srv.limits(srv.opts.UnauthedSize))
	return st
}

func (st *stream) log() *slog.Logger { return st.sess().Log() }

func (srv *Server) limits(size int) xmlstream.Limits {
	return xmlstream.Limits{MaxStanza: size, MaxElements: srv.opts.MaxElements}
}

// run serves the connection. It returns when the stream is over, or has gone on to another goroutine.
func (st *stream) run() {
	st.connected()
	if st.direct {
		st.upgrade()
		return
	}
	st.read()
}

func (st *stream) connected() {
	st.srv.cfg.Log.Debug("client connected", "session", st.sess().ID(), "address", st.address)
	if bus := st.srv.cfg.Hosts.Bus("*"); bus != nil && bus.Has(sdk.EventSessionCreated) {
		bus.Fire(sdk.NewChain(st.srv.ctx), sdk.StanzaEvent(sdk.EventSessionCreated, st.sess(), nil)) // the bus logs failures
	}
	if d := st.srv.opts.AuthTimeout; d > 0 {
		st.stopAuth = st.srv.cfg.AfterFunc(d, st.authTimeout)
	}
}

func (st *stream) authTimeout() {
	if st.sess().Type() == sdk.TypeUnauthed {
		st.close(context.Background(), &stanza.StreamError{Condition: xmlstream.ConnectionTimeout, Text: "authentication took too long"})
	}
}

// read talks until the stream is over or TLS begins.
func (st *stream) read() {
	switch reason := st.talk(); reason {
	case errUpgrade:
		st.upgrade()
	case errRest:
		go st.rest()
	default:
		st.finish(reason)
	}
}

// errUpgrade ends the talk on the plain connection.
var errUpgrade = errors.New("TLS begins")

// talk returns why it ended. A panic of ours ends this stream only.
func (st *stream) talk() (reason error) {
	defer st.rescue(&reason)
	for {
		if !st.opened {
			if err := st.begin(); err != nil {
				return err
			}
			st.opened = true
		}
		for st.next = goOn; st.next == goOn; {
			el, err := st.dec.Next()
			if err != nil {
				return err
			}
			st.handle(el)
		}
		if st.next == upgrade {
			return errUpgrade
		}
		st.again()
	}
}

// again is ready for the client to open its stream once more.
func (st *stream) again() {
	st.dec.Restart()
	st.opened = false
	st.mu.Lock()
	defer st.mu.Unlock()
	st.headerSent = false
}

// rescue is deferred: it makes a panic the reason for the stream's end.
func (st *stream) rescue(reason *error) {
	if v := recover(); v != nil {
		st.log().Error("panic while reading a stream", "err", v, "stack", string(debug.Stack()))
		*reason = &stanza.StreamError{Condition: xmlstream.InternalServerError}
	}
}

// begin takes the stream tag. It and again stand apart from talk, whose frame is there as long as the session waits for input: with
// a small one the stack of an idle session shrinks to half.
func (st *stream) begin() error {
	header, err := st.dec.Stream()
	if err != nil {
		return err
	}
	return st.open(&header)
}

// handle takes one element. A panic ends its handling, not the stream.
func (st *stream) handle(el *stanza.Element) {
	if st.detached.Load() || st.link.Closing() {
		return
	}
	ctx := st.cork()
	defer func() {
		if v := recover(); v != nil {
			st.log().Error("panic while handling a stanza", "err", v, "stack", string(debug.Stack()))
			st.apologise(ctx, el)
		}
	}()
	if el.Name == "error" && el.NS() == stanza.NSStreams {
		st.log().Info("client reports a stream error", "condition", conditionOf(el))
		st.close(ctx, nil)
		return
	}
	err := st.checkNamespace(el)
	if err == nil {
		err = st.checkFrom(el)
	}
	if err == nil {
		err = st.srv.cfg.Router.Handle(ctx, st.sess(), el)
	}
	if err != nil {
		st.close(ctx, err)
	}
}

// apologise answers what nobody answers any more.
func (st *stream) apologise(ctx context.Context, el *stanza.Element) {
	if !el.IsRequest() {
		return
	}
	if reply := stanza.ErrorReply(el, stanza.NewError(stanza.InternalServerError, "")); reply != nil {
		st.send(ctx, reply)
	}
}

func conditionOf(el *stanza.Element) string {
	for c := range el.ChildTags("", stanza.NSStreamErrors) {
		if c.Name != "text" {
			return c.Name
		}
	}
	return xmlstream.UndefinedCondition
}

// cork begins holding back what stanzas send until the next wait for input.
func (st *stream) cork() context.Context {
	if st.chain == nil {
		st.chain = sdk.NewChain(st.srv.ctx)
		st.chain.SetTicket(st.written)
		st.release = session.Cork(st.chain)
	}
	return st.chain
}

func (st *stream) uncork() {
	if st.chain != nil {
		st.written = st.chain.Ticket()
		st.release()
		st.chain, st.release = nil, nil
	}
}

// send answers the client. That it has gone meanwhile is nobody's failure.
func (st *stream) send(ctx context.Context, el *stanza.Element) error {
	if err := st.sess().Send(ctx, el); !errors.Is(err, session.ErrEnded) {
		return err
	}
	return nil
}

// close ends the stream, with an error unless reason is nil. It may be called from any goroutine.
func (st *stream) close(ctx context.Context, reason *stanza.StreamError) {
	if st.detached.Load() {
		st.link.Shut()
		return
	}
	st.mu.Lock()
	if st.handshaking {
		st.mu.Unlock()
		st.sess().Destroy()
		return
	}
	st.mu.Unlock()
	st.begun()
	if reason != nil {
		st.srv.cfg.Log.Debug("stream ends", "session", st.sess().ID(), "condition", reason.Condition, "text", reason.Text)
	}
	st.sess().Close(ctx, reason)
}

// begun sees to it that our stream tag has been sent.
func (st *stream) begun() {
	st.mu.Lock()
	defer st.mu.Unlock()
	if !st.headerSent && !st.handshaking {
		st.headerSent = true
		st.link.WriteRaw(appendHeader(nil, newStreamID(), st.sess().Host(), ""))
	}
}

// finish is the end of the stream: reason is what reading ended with. A session that modules keep goes on without a connection.
func (st *stream) finish(reason error) {
	defer st.srv.forget(st)
	defer st.link.Destroy()
	var fault *stanza.StreamError
	switch {
	case errors.As(reason, &fault):
		st.close(st.cork(), fault)
	case errors.Is(reason, xmlstream.ErrStreamEnd):
		st.close(st.cork(), nil)
	}
	if !st.link.Closing() {
		st.srv.cfg.Log.Debug("connection lost", "session", st.sess().ID(), "err", reason)
	}
	if st.stopAuth != nil {
		st.stopAuth()
	}
	if kept := st.unbind(reason); !kept {
		defer st.sess().Destroy()
	}
	st.closed()
	st.uncork()
	st.linger(fault != nil)
}

var errLost = errors.New("connection lost")

// publicReason is why a session ended, for its contacts: errors of the network name addresses, which are none of their business.
func publicReason(reason error) error {
	var fault *stanza.StreamError
	switch {
	case errors.Is(reason, xmlstream.ErrStreamEnd):
		return nil
	case errors.As(reason, &fault):
		return fault
	}
	return errLost
}

// unbind tells the router that the session has lost its connection. kept is whether it goes on without one, or has another.
func (st *stream) unbind(reason error) (kept bool) {
	defer func() {
		if v := recover(); v != nil {
			st.log().Error("panic while ending a session", "err", v, "stack", string(debug.Stack()))
		}
	}()
	ctx := st.cork()
	end := func() {
		if kept = st.detached.Load(); kept { // meanwhile somebody has taken it over
			return
		}
		s := st.sess()
		if jid := s.JID(); jid != "" {
			st.log().Info("client disconnected", "jid", jid)
		}
		if kept = st.srv.cfg.Router.Unbind(ctx, s, publicReason(reason)); kept {
			s.Unlink(st.link)
		}
	}
	if bus := st.bus.Load(); bus != nil && (*bus).Has("pre-resource-unbind") && st.srv.cfg.Exclusive != nil {
		st.srv.cfg.Exclusive(ctx, end)
	} else {
		end()
	}
	return kept
}

// linger lets the client take the last bytes. After an error of its own it is still sending: closing on unread input would reset the
// connection and take the error with it.
func (st *stream) linger(faulty bool) {
	ctx, cancel := context.WithTimeout(context.Background(), st.srv.opts.CloseTimeout)
	defer cancel()
	if st.sess().Drain(ctx) == nil && faulty {
		io.Copy(io.Discard, st.conn) // until the client closes, or the deadline that the session has set
	}
}

// upgrade does the TLS handshake. The stream goes on with another goroutine, whose stack has not grown by it.
func (st *stream) upgrade() {
	if err := st.handshake(); err != nil {
		st.log().Debug("TLS handshake failed", "address", st.address, "err", err)
		st.finish(fmt.Errorf("TLS handshake: %w", err))
		return
	}
	go st.read()
}

func (st *stream) handshake() error {
	st.uncork()
	if err := st.sess().Drain(st.srv.ctx); err != nil {
		return err
	}
	st.mu.Lock()
	st.handshaking = true
	st.mu.Unlock()
	st.restless()
	config := st.tls
	if config == nil {
		config = st.srv.tlsConfig(st.host, st.direct)
	}
	under := st.conn
	if st.socket != nil {
		under = st.socket
	}
	conn := tls.Server(under, config)
	if err := conn.HandshakeContext(st.srv.ctx); err != nil {
		return err
	}
	state := conn.ConnectionState()
	st.conn, st.secure, st.exporter = conn, true, sasl.ExporterData(&state)
	st.sess().Upgrade(conn, &state)
	if st.socket != nil {
		st.socket.Over(conn)
	}
	st.dec.Reset(st.input(conn))
	st.opened = false
	st.mu.Lock()
	st.handshaking, st.headerSent = false, false
	st.state.Store(busyState)
	st.mu.Unlock()
	st.srv.cfg.Log.Debug("stream encrypted", "session", st.sess().ID(), "version", tls.VersionName(state.Version), "cipher", tls.CipherSuiteName(state.CipherSuite))
	return nil
}

// authenticated makes the session a user's; the client may open its stream again (restart). role may be "", which is that of the user.
func (st *stream) authenticated(ctx context.Context, username, role string) {
	if f := st.srv.cfg.Role; f != nil && role == "" {
		role = f(ctx, username, st.host)
	}
	st.sess().Authenticated(username, role)
	if st.stopAuth != nil {
		st.stopAuth()
		st.stopAuth = nil // it holds the timer
	}
	st.srv.familiar(st)
	st.dec.SetLimits(st.srv.limits(st.srv.opts.StanzaSize))
}
