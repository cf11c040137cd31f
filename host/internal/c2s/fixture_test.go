package c2s

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"io"
	"iter"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"quatrain/host/internal/account"
	"quatrain/host/internal/cert"
	"quatrain/host/internal/event"
	"quatrain/host/internal/iq"
	"quatrain/host/internal/metric"
	"quatrain/host/internal/moduleapi"
	"quatrain/host/internal/permission"
	"quatrain/host/internal/router"
	"quatrain/host/internal/storage/memory"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

const (
	host     = "capulet.example"
	password = "wherefore"
	header   = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='" + host + "' version='1.0'>"
	login    = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGp1bGlldAB3aGVyZWZvcmU=</auth>" // juliet
	binding  = "<iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>balcony</resource></bind></iq>"
)

// rig is a server with one host and the users juliet and romeo.
type rig struct {
	*Server
	t       testing.TB
	router  *router.Router
	bus     *event.Bus
	global  *event.Bus
	users   *account.Users
	options map[string]any
	clock   *clock
	addr    string // of a listener for STARTTLS
}

// The parts of the server that modules stand on.
func (r *rig) Bus(host string) sdk.Bus {
	switch host {
	case moduleapi.Global:
		return r.global
	case "capulet.example":
		return r.bus
	}
	return nil
}

func (r *rig) Type(name string) (sdk.HostType, bool) {
	switch name {
	case host:
		return sdk.HostLocal, true
	case "rooms." + host:
		return sdk.HostComponent, true
	}
	return "", false
}

func (r *rig) Origin(name string) sdk.Session { return r.router.Host(name) }
func (r *rig) Option(_, name string) any      { return r.options[name] }
func (r *rig) OptionAt(_, name string) any    { return r.options[name] }
func (r *rig) OnError(string) sdk.OnError     { return sdk.Reject }
func (r *rig) Find(full string) sdk.Session   { return nil }
func (r *rig) Depends(context.Context, *moduleapi.Module, string, bool) (sdk.Plugin, error) {
	return nil, nil
}

type posts struct{ *router.Router }

func (p posts) Broadcast(ctx context.Context, from string, to []string, st *stanza.Element) error {
	return p.Router.Broadcast(ctx, from, to, st)
}

func (p posts) SendEach(ctx context.Context, from, to string, list iter.Seq[*stanza.Printed]) error {
	return p.Router.SendEach(ctx, from, to, list)
}

// clock is a timer that a test fires.
type clock struct {
	mu   sync.Mutex
	due  []func()
	last time.Duration
}

func (c *clock) AfterFunc(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.due, c.last = append(c.due, f), d
	return func() bool { return true }
}

func (c *clock) fire() {
	c.mu.Lock()
	due := c.due
	c.due = nil
	c.mu.Unlock()
	for _, f := range due {
		f()
	}
}

// await waits for a timer to be set.
func (c *clock) await(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); ; {
		c.mu.Lock()
		n := len(c.due)
		c.mu.Unlock()
		if n > 0 {
			return
		}
		runtime.Gosched()
		if time.Now().After(deadline) {
			t.Fatal("no timer is set")
		}
	}
}

func newRig(t testing.TB, o Options, options map[string]any) *rig {
	t.Helper()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	r := &rig{t: t, options: options, clock: &clock{}, bus: event.NewBus(log, nil), global: event.NewBus(log, nil)}
	if r.options == nil {
		r.options = map[string]any{}
	}
	r.router = router.New(r.global, log)
	r.router.AddHost(host, sdk.HostLocal, r.bus)
	r.users = account.New(account.Config{GlobalBus: r.global, Log: log})
	authentication, _ := r.options["authentication"].(string)
	if authentication == "" {
		authentication = account.InternalHashed
	}
	r.users.AddHost(host, r.bus, authentication)
	certs, err := cert.Open(cert.Config{Hosts: []string{host}, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	r.Server = New(Config{Hosts: r, Router: r.router, Users: r.users, Certs: certs, Log: log, Options: o, AfterFunc: r.clock.AfterFunc})
	r.load(log)
	for _, user := range []string{"juliet", "romeo"} {
		if authentication == account.InternalHashed {
			if err := r.users.Create(context.Background(), user, host, password); err != nil {
				t.Fatal(err)
			}
		}
	}
	r.addr = r.listen(false)
	t.Cleanup(r.end)
	return r
}

func (r *rig) load(log *slog.Logger) {
	r.t.Helper()
	srv := &moduleapi.Server{
		Hosts: r, Router: posts{r.router}, Options: r, Stores: memory.New(nil), Depend: r,
		Items: moduleapi.NewItems(), Grants: permission.NewGrants(), Metrics: metric.NewRegistry(), Log: log,
	}
	plugins := map[string]sdk.Plugin{
		"tls": r.NewTLS(), "saslauth": r.NewSASL(), "iq": iq.New(r),
		"auth_internal_hashed": account.NewHashedPlugin(), "auth_anonymous": account.NewAnonymousPlugin(nil),
	}
	for name, p := range plugins {
		if err := p.Load(context.Background(), moduleapi.New(srv, name, host, false)); err != nil {
			r.t.Fatal(err)
		}
	}
	if err := r.NewPlugin().Load(context.Background(), moduleapi.New(srv, "c2s", moduleapi.Global, false)); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) listen(direct bool) string {
	r.t.Helper()
	l, err := r.Listen("127.0.0.1:0")
	if err != nil {
		r.t.Fatal(err)
	}
	go r.Serve(l, direct)
	return l.Addr().String()
}

func (r *rig) end() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := r.Shutdown(ctx); err != nil {
		r.t.Errorf("shutdown: %v", err)
	}
}

// hook registers a handler on the host.
func (r *rig) hook(event string, h func(ctx context.Context, ev *sdk.Event) (any, error)) {
	r.bus.Add(sdk.Hook{Event: event, Handler: h, Plugin: "test", Priority: 10})
}

// wire is a client that says what it likes.
type wire struct {
	t    testing.TB
	conn net.Conn
	r    *bufio.Reader
	got  strings.Builder
}

func (r *rig) dial() *wire {
	r.t.Helper()
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		r.t.Fatal(err)
	}
	return newWire(r.t, conn)
}

// pipe is a connection within the process that counts as encrypted.
func (r *rig) pipe() *wire {
	client, server := net.Pipe()
	go r.ServeConn(server, ConnOptions{Secure: true})
	return newWire(r.t, client)
}

func newWire(t testing.TB, conn net.Conn) *wire {
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	t.Cleanup(func() { conn.Close() })
	return &wire{t: t, conn: conn, r: bufio.NewReader(conn)}
}

func (w *wire) send(parts ...string) {
	w.t.Helper()
	if _, err := io.WriteString(w.conn, strings.Join(parts, "")); err != nil {
		w.t.Fatal(err)
	}
}

// expect reads until it has seen a text, and returns all since the last one.
func (w *wire) expect(text string) string {
	w.t.Helper()
	w.got.Reset()
	for !strings.HasSuffix(w.got.String(), text) {
		b, err := w.r.ReadByte()
		if err != nil {
			w.t.Fatalf("waiting for %q: %v, got %q", text, err, w.got.String())
		}
		w.got.WriteByte(b)
	}
	return w.got.String()
}

// rest is all until the server closes.
func (w *wire) rest() string {
	w.t.Helper()
	b, err := io.ReadAll(w.r)
	if err != nil {
		w.t.Fatalf("reading to the end: %v, got %q", err, b)
	}
	return string(b)
}

// upgrade does the client's side of STARTTLS.
func (w *wire) upgrade() *tls.Conn {
	w.t.Helper()
	w.send(header)
	w.expect("</stream:features>")
	w.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	w.expect("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	conn := tls.Client(w.conn, &tls.Config{ServerName: host, InsecureSkipVerify: true})
	if err := conn.Handshake(); err != nil {
		w.t.Fatal(err)
	}
	w.conn, w.r = conn, bufio.NewReader(conn)
	return conn
}

// bound logs juliet in.
func (w *wire) bound() *wire {
	w.t.Helper()
	w.send(header)
	w.expect("</stream:features>")
	w.send(login)
	w.expect("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
	w.send(header)
	w.expect("</stream:features>")
	w.send(binding)
	w.expect("</iq>")
	return w
}

func base64Of(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
