// Package session is a client's stream as the rest of the server sees it (sdk.Session): who it is, its presence, and the way out.
//
// Sending serialises at once and appends to a bounded buffer, so a stanza may be changed right after; writing to the network happens
// on a goroutine that exists only while there is something to write. An idle session holds no buffer and no goroutine of its own.
package session

import (
	"context"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/google/uuid"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// TypeDestroyed is the type of a session that has ended.
const TypeDestroyed = "c2s_destroyed"

// ErrEnded is what sending to a session that has ended returns.
var ErrEnded = errors.New("session has ended")

// Limits of a session; zero values are replaced by the defaults.
type Limits struct {
	// Queue is how many bytes may wait for a peer that does not read. Default 4 MiB.
	Queue int
	// WriteTimeout is how long the peer may take nothing at all. Default 60 s.
	WriteTimeout time.Duration
}

// Config of a new session.
type Config struct {
	Host    string // may be "" until the stream header names it
	IP      string
	Conn    net.Conn
	Raw     syscall.RawConn // of Conn; nil if it is none of the system's
	Secure  bool
	Limits  Limits
	Log     *slog.Logger
	Watcher Watcher // may be nil
	// Pressure is shared by the sessions of a server; may be nil.
	Pressure *Pressure
	// Rounds are shared by the sessions of a server; nil gives each output a writer of its own.
	Rounds *Rounds
}

// EventDraining and EventDrained are what a host's modules hook who want to know when a connection's output is written.
const (
	EventDraining = "c2s-pre-ondrain"
	EventDrained  = "c2s-ondrain"
)

// Watcher is told what becomes of a connection's output.
type Watcher interface {
	// Watching tells whether Draining and Drained do anything, which may take its time; else they need not be called. It is not asked once
	// Link.TellOn has named the bus.
	Watching() bool
	// Draining is called before output is written, and may send.
	Draining()
	// Drained is called when all is written.
	Drained()
	// Ending is called when nothing more can be sent, perhaps several times.
	Ending()
}

// Session implements sdk.Session. Safe for concurrent use.
type Session struct {
	id     string
	log    *slog.Logger // without the session
	face   any          // only the script runtime uses it, under its own lock
	own    Link
	link   atomic.Pointer[Link]                                                  // own, or that of the session whose connection this one has taken
	sends  atomic.Pointer[func(ctx context.Context, st *stanza.Element) bool]    // instead of the session; nil is the quick way
	closes atomic.Pointer[func(ctx context.Context, reason *stanza.StreamError)] // likewise

	mu    sync.RWMutex // guards the rest
	state state
}

// state are the fields that modules read, under Prosody's names in fields.go.
type state struct {
	typ, username, host, resource, jid, ip string
	secure, interested, offline            bool
	hibernating                            any             // since when, as modules say it; nil if it is not
	claim                                  string          // whom the peer says it is, while it is refused
	closing                                bool            // somebody has asked for the end
	presence                               *stanza.Element // never changed
	shown                                  *stanza.Element // the copy of it that modules see
	priority                               int
	roster                                 sdk.Roster
	role                                   string
	directed                               map[string]bool
	before, ended                          func(ctx context.Context, reason *stanza.StreamError) // of closing; may be nil
}

// New makes a session of a connection that has just been accepted.
func New(cfg Config) *Session {
	s := &Session{}
	s.Init(cfg)
	return s
}

// Init is New for a session that is part of something else, before anybody uses it.
func (s *Session) Init(cfg Config) {
	if cfg.Limits.Queue <= 0 {
		cfg.Limits.Queue = 4 << 20
	}
	if cfg.Limits.WriteTimeout <= 0 {
		cfg.Limits.WriteTimeout = time.Minute
	}
	s.id, s.log = newID(), cfg.Log
	s.state = state{typ: sdk.TypeUnauthed, host: cfg.Host, ip: cfg.IP, secure: cfg.Secure}
	s.own.out = output{conn: cfg.Conn, raw: cfg.Raw, limits: cfg.Limits, filters: &s.own.filters, log: s.log, id: s.id, watcher: cfg.Watcher,
		pressure: cfg.Pressure, rounds: cfg.Rounds, look: min(step, cfg.Limits.Queue+1)}
	s.link.Store(&s.own)
}

// newID is what the session is called in logs.
func newID() string {
	id := uuid.New()
	return "c2s" + hex.EncodeToString(id[:4])
}

func (s *Session) ID() string       { return s.id }
func (s *Session) IP() string       { return s.read(func(st *state) string { return st.ip }) }
func (s *Session) Face() any        { return s.face }
func (s *Session) SetFace(v any)    { s.face = v }
func (s *Session) Type() string     { return s.read(func(st *state) string { return st.typ }) }
func (s *Session) Username() string { return s.read(func(st *state) string { return st.username }) }
func (s *Session) Host() string     { return s.read(func(st *state) string { return st.host }) }
func (s *Session) Resource() string { return s.read(func(st *state) string { return st.resource }) }
func (s *Session) JID() string      { return s.read(func(st *state) string { return st.jid }) }

// Log is a logger for what is said of the session. It is made when it is needed.
func (s *Session) Log() *slog.Logger { return s.log.With("session", s.id) }

func (s *Session) read(f func(*state) string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return f(&s.state)
}

// BareJID is "" before authentication.
func (s *Session) BareJID() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.state.username == "" {
		return ""
	}
	return s.state.username + "@" + s.state.host
}

// Secure tells whether the stream is encrypted.
func (s *Session) Secure() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.state.secure
}

// SetHost names the host, which the stream header does.
func (s *Session) SetHost(host string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.host = host
}

// Upgrade goes on with an encrypted connection. The output must have been drained (Drain).
func (s *Session) Upgrade(conn net.Conn, tlsState *tls.ConnectionState) {
	s.link.Load().Upgrade(conn, tlsState)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.secure = true
}

// Authenticated makes the session a user's.
func (s *Session) Authenticated(username, role string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.typ, s.state.username, s.state.role = sdk.TypeUnbound, username, role
}

// Bound gives the session its resource.
func (s *Session) Bound(resource string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.typ, s.state.resource = sdk.TypeC2S, resource
	s.state.jid = s.state.username + "@" + s.state.host + "/" + resource
}

// Unbound takes the resource back: binding has failed.
func (s *Session) Unbound() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.typ, s.state.resource, s.state.jid = sdk.TypeUnbound, "", ""
}

// SetPresence remembers the last presence that was broadcast, nil when the session is not available.
func (s *Session) SetPresence(p *stanza.Element, priority int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.presence, s.state.shown, s.state.priority = p, nil, priority
}

// Presence is the last presence that was broadcast, which must not be changed; nil if the session is not available.
func (s *Session) Presence() (p *stanza.Element, priority int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.state.presence, s.state.priority
}

// Interested tells whether the session asked for its roster.
func (s *Session) Interested() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.state.interested
}

// SetInterested marks a session that asked for its roster.
func (s *Session) SetInterested() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.interested = true
}

// SetClaim shows modules, as the field sasl_handler, whose name a peer gives that is refused; "" hides it.
func (s *Session) SetClaim(username string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.claim = username
}

// SetRoster gives modules the user's roster to look at.
func (s *Session) SetRoster(r sdk.Roster) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.roster = r
}

// Directed remembers that presence was sent to a JID; Undirected that it was taken back; DirectedTo lists.
func (s *Session) Directed(jid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.directed == nil {
		s.state.directed = map[string]bool{}
	}
	s.state.directed[jid] = true
}

func (s *Session) Undirected(jid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.state.directed, jid)
}

// TakeDirected lists the JIDs that directed presence went to and forgets them.
func (s *Session) TakeDirected() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]string, 0, len(s.state.directed))
	for jid := range s.state.directed {
		list = append(list, jid)
	}
	s.state.directed = nil
	return list
}

// Send serialises the stanza, through the filters, and queues it. A function that a module put in the place of the session's own goes
// before (OverrideSend).
func (s *Session) Send(ctx context.Context, st *stanza.Element) error {
	if f := s.sends.Load(); f != nil {
		if (*f)(ctx, st) {
			return nil
		}
		return ErrEnded
	}
	return s.SendOwn(ctx, st)
}

// SendOwn is Send without what was put in its place: what such a function calls to send after all.
func (s *Session) SendOwn(ctx context.Context, st *stanza.Element) error {
	if l := s.link.Load(); l.filters.out.Load() == 0 {
		return l.out.send(ctx, st)
	}
	return s.sendOrdered(ctx, st)
}

// sendOrdered stands apart from SendOwn, which allocates nothing.
func (s *Session) sendOrdered(ctx context.Context, st *stanza.Element) (err error) {
	s.link.Load().filters.ordered(ctx, func(ctx context.Context) { err = s.sendFiltered(ctx, st) })
	return err
}

// sendFiltered takes the link that the session has once it is its turn.
func (s *Session) sendFiltered(ctx context.Context, st *stanza.Element) error {
	l := s.link.Load()
	filtered, ok := l.filters.pass(ctx, "stanzas/out", st).(*stanza.Element)
	if !ok {
		return nil
	}
	return l.out.send(ctx, filtered)
}

// SendRendered queues a stanza that was printed for many recipients. The session must not have filters for it (FilteredOut). from is where it
// comes from.
func (s *Session) SendRendered(ctx context.Context, r stanza.Rendered, from, to string) error {
	o := &s.link.Load().out
	err := o.appendRendered(ctx, r, to)
	if o.late.Load() {
		o.pressure.press(from, o)
	}
	return err
}

// HoldUp makes whoever hands in a stanza of this session wait if it sends more than its recipients read (Pressure.Hold).
func (s *Session) HoldUp(ctx context.Context, st *stanza.Element) {
	s.own.out.pressure.Hold(ctx, st.From(), st.To())
}

// Filtered tells whether what passes the stream must pass filters, FilteredOut whether what is sent must.
func (s *Session) Filtered() bool { return s.link.Load().filters.any() || s.sends.Load() != nil }
func (s *Session) FilteredOut() bool {
	return s.link.Load().filters.out.Load() > 0 || s.sends.Load() != nil
}

// WriteRaw queues bytes as they are: stream headers and the like.
func (s *Session) WriteRaw(b []byte) { s.link.Load().WriteRaw(b) }

// Destroy ends the session at once, and the connection that it has. It is called by whoever reads the stream, when that is over.
func (s *Session) Destroy() {
	s.mu.Lock()
	s.state.typ = TypeDestroyed
	s.state.presence, s.state.shown, s.state.roster = nil, nil, nil
	offline := s.state.offline
	s.mu.Unlock()
	if !offline {
		s.link.Load().Destroy()
	}
}

// Drain waits until everything queued has been written.
func (s *Session) Drain(ctx context.Context) error { return s.link.Load().out.drain(ctx) }

var noChain = context.Background()

var _ sdk.Session = (*Session)(nil)
