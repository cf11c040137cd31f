package c2s

import (
	"context"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// record notes the names of events, with their condition. The handlers of one stream run one after the other.
func record(seen *[]string) func(context.Context, *sdk.Event) (any, error) {
	return func(_ context.Context, ev *sdk.Event) (any, error) {
		name := ev.Name
		if c := ev.String("condition"); c != "" {
			name += ":" + c
		}
		*seen = append(*seen, name)
		return nil, nil
	}
}

func TestTimeToAuthenticate(t *testing.T) {
	r := newRig(t, Options{}, nil)
	for name, say := range map[string]string{"silent": "", "stream open": header, "within a stanza": header + "<auth"} {
		w := r.dial()
		w.send(say)
		if say != "" {
			w.expect("</stream:features>")
		} else {
			r.clock.await(t)
		}
		r.clock.fire()
		if got := w.rest(); !strings.Contains(got, "<connection-timeout ") || !strings.HasSuffix(got, "</stream:stream>") {
			t.Errorf("%s: got %q", name, got)
		}
		w.conn.Close()
	}
	if r.clock.last != 30*time.Second {
		t.Errorf("the limit is %v", r.clock.last)
	}
	w := r.pipe().bound()
	r.clock.fire()
	w.send("</stream:stream>")
	if got := w.expect("</stream:stream>"); strings.Contains(got, "error") {
		t.Errorf("a client that has authenticated: %q", got)
	}
}

// awaitStreams waits until a number of connections is there.
func (r *rig) awaitStreams(n int) {
	r.t.Helper()
	for deadline := time.Now().Add(5 * time.Second); ; {
		r.mu.Lock()
		have := len(r.streams)
		r.mu.Unlock()
		if have == n {
			return
		}
		runtime.Gosched()
		if time.Now().After(deadline) {
			r.t.Fatalf("%d streams, want %d", have, n)
		}
	}
}

func TestTimeoutWithinHandshake(t *testing.T) {
	r := newRig(t, Options{}, nil)
	w := r.dial()
	w.send(header)
	w.expect("</stream:features>")
	w.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	w.expect("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	r.awaitHandshake()
	r.clock.fire()
	if got := w.rest(); got != "" {
		t.Errorf("got %q within the handshake", got)
	}
}

func (r *rig) awaitHandshake() {
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); runtime.Gosched() {
		r.mu.Lock()
		streams := r.all()
		r.mu.Unlock()
		for _, st := range streams {
			st.mu.Lock()
			busy := st.handshaking
			st.mu.Unlock()
			if busy {
				return
			}
		}
	}
	r.t.Fatal("no handshake has begun")
}

func TestConflict(t *testing.T) {
	for policy, want := range map[string]string{"kick_old": "balcony</jid>", "kick_new": "<conflict ", "random": "balcony-"} {
		t.Run(policy, func(t *testing.T) {
			r := newRig(t, Options{}, map[string]any{"conflict_resolve": policy})
			first, second := r.pipe().bound(), r.pipe()
			second.send(header)
			second.expect("</stream:features>")
			second.send(login)
			second.expect("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
			second.send(header)
			second.expect("</stream:features>")
			second.send(binding)
			if policy == "kick_old" {
				if got := first.expect("</stream:stream>"); !strings.Contains(got, "<conflict ") {
					t.Errorf("the first got %q", got)
				}
			}
			if got := second.expect("</iq>"); !strings.Contains(got, want) {
				t.Errorf("the second got %q, want %s", got, want)
			}
			if n := len(r.router.UserSessions("juliet@capulet.example")); n != map[string]int{"kick_old": 1, "kick_new": 1, "random": 2}[policy] {
				t.Errorf("%d sessions", n)
			}
		})
	}
}

func TestBinding(t *testing.T) {
	r := newRig(t, Options{}, nil)
	w := r.pipe()
	w.send(header)
	w.expect("</stream:features>")
	w.send(login)
	w.expect("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
	w.send(header)
	if got := w.expect("</stream:features>"); !strings.Contains(got, "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><required/></bind>") {
		t.Errorf("features: %q", got)
	}
	w.send("<iq type='get' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
	if got := w.expect("</iq>"); !strings.Contains(got, "<bad-request ") {
		t.Errorf("get: %q", got)
	}
	w.send("<iq type='set' id='2'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
	if got := w.expect("</iq>"); !strings.Contains(got, "<jid>juliet@capulet.example/") || strings.Contains(got, "/<") {
		t.Errorf("of the server's choice: %q", got)
	}
	w.send("<iq type='set' id='3'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>")
	if got := w.expect(">"); !strings.Contains(got, "type='result'") {
		t.Errorf("session: %q", got)
	}
}

func TestCloseUnbinds(t *testing.T) {
	r := newRig(t, Options{}, nil)
	ended := make(chan string, 10)
	r.hook("resource-unbind", func(_ context.Context, ev *sdk.Event) (any, error) {
		ended <- ev.Get("session").(sdk.Session).JID() + " " + ev.String("error")
		return nil, nil
	})
	for name, c := range map[string]struct {
		end  func(w *wire)
		want string // which contacts are told: nothing of addresses and the like
	}{
		"stream end": {func(w *wire) {
			w.send("</stream:stream>")
			w.expect("</stream:stream>")
		}, ""},
		"connection lost": {func(w *wire) { w.conn.Close() }, "connection lost"},
		"stream error":    {func(w *wire) { w.send("<!DOCTYPE x>") }, "a comment or document type"},
		"client's error": {func(w *wire) {
			w.send("<stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>")
			w.expect("</stream:stream>")
			w.send("</stream:stream>")
		}, ""},
	} {
		w := r.pipe().bound()
		c.end(w)
		if got := <-ended; got != "juliet@capulet.example/balcony "+c.want {
			t.Errorf("%s: %q", name, got)
		}
		w.conn.Close()
		r.awaitStreams(0)
	}
}

// promise is the ticket of a write that is durable as soon as somebody waits for it.
type promise struct{ awaited chan struct{} }

func (p *promise) Wait() error {
	select {
	case <-p.awaited:
	default:
		close(p.awaited)
	}
	return nil
}

// An answer says that what the client sent before has been taken care of, too: here a message that was stored and not answered.
func TestAnswersFollowEarlierWrites(t *testing.T) {
	r := newRig(t, Options{}, nil)
	ticket := &promise{make(chan struct{})}
	r.hook("message/bare", func(ctx context.Context, _ *sdk.Event) (any, error) {
		sdk.ChainOf(ctx).SetTicket(ticket)
		return true, nil
	})
	w := r.pipe().bound()
	w.send("<message to='romeo@capulet.example'><body>x</body></message>")
	w.send("<iq type='get' id='1'><x xmlns='y'/></iq>")
	w.expect("</iq>")
	select {
	case <-ticket.awaited:
	default:
		t.Error("the answer did not wait for the write")
	}
}

func TestShutdown(t *testing.T) {
	r := newRig(t, Options{}, nil)
	bound, fresh := r.pipe().bound(), r.dial()
	r.awaitStreams(2)
	done := make(chan error)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		done <- r.Shutdown(ctx)
	}()
	for _, w := range []*wire{bound, fresh} {
		if got := w.expect("</stream:stream>"); !strings.Contains(got, "<system-shutdown ") {
			t.Errorf("got %q", got)
		}
		w.conn.Close()
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", r.addr); err == nil {
		t.Error("the server still listens")
	}
}

func TestCloseHost(t *testing.T) {
	r := newRig(t, Options{}, nil)
	bound, fresh := r.pipe().bound(), r.pipe()
	fresh.send(header)
	fresh.expect("</stream:features>")
	go func() {
		r.CloseHost(context.Background(), "montague.example", &stanza.StreamError{Condition: "not-authorized"})
		r.CloseHost(context.Background(), host, &stanza.StreamError{Condition: "host-gone"})
	}()
	for _, w := range []*wire{bound, fresh} {
		if got := w.expect("</stream:stream>"); !strings.Contains(got, "<host-gone ") {
			t.Errorf("got %q", got)
		}
		w.conn.Close()
	}
}

func TestShutdownEndsHandlersThatWait(t *testing.T) {
	r := newRig(t, Options{}, nil)
	waiting := make(chan struct{})
	r.hook("iq/host/urn:slow:slow", func(ctx context.Context, _ *sdk.Event) (any, error) {
		close(waiting)
		<-ctx.Done()
		return nil, ctx.Err()
	})
	w := r.pipe().bound()
	w.send("<iq type='get' id='p1' to='capulet.example'><slow xmlns='urn:slow'/></iq>")
	<-waiting
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := r.Shutdown(ctx); err != context.Canceled {
		t.Errorf("got %v", err)
	}
	w.conn.Close()
}

func TestShutdownCutsConnections(t *testing.T) {
	r := newRig(t, Options{}, nil)
	w := r.pipe().bound() // does not read any more
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := r.Shutdown(ctx); err != context.Canceled {
		t.Errorf("got %v", err)
	}
	w.conn.Close()
}

func TestAccountChanges(t *testing.T) {
	r := newRig(t, Options{}, nil)
	ctx := context.Background()
	w := r.pipe().bound()
	if err := r.users.SetPassword(ctx, "juliet", host, password, "balcony"); err != nil {
		t.Fatal(err)
	}
	w.send("<iq type='get' id='1'><x xmlns='y'/></iq>")
	w.expect("</iq>") // the session that asked for the change stays
	if err := r.users.Delete(ctx, "juliet", host); err != nil {
		t.Fatal(err)
	}
	if got := w.expect("</stream:stream>"); !strings.Contains(got, "<not-authorized ") {
		t.Errorf("got %q", got)
	}
}

func TestConnectionsPerAddress(t *testing.T) {
	r := newRig(t, Options{MaxPerAddress: 2}, nil)
	first := r.dial()
	for _, w := range []*wire{first, r.dial()} {
		w.send(header)
		w.expect("</stream:features>")
	}
	if got := r.dial().rest(); !strings.Contains(got, "<stream:error><policy-violation ") {
		t.Errorf("the third got %q", got)
	}
	first.conn.Close()
	r.awaitStreams(1)
	w := r.dial()
	w.send(header)
	w.expect("</stream:features>")
}

// Modules may rewrite what passes, and see all of it.
func TestFilters(t *testing.T) {
	r := newRig(t, Options{}, nil)
	r.hook("resource-bind", func(_ context.Context, ev *sdk.Event) (any, error) {
		s := ev.Get("session").(sdk.Session)
		s.AddFilter("bytes/in", 0, func(_ context.Context, data any) any {
			return []byte(strings.ReplaceAll(string(data.([]byte)), "X", strings.Repeat("longer", 2000)))
		})
		return nil, nil
	})
	lengths := make(chan int, 1)
	r.hook("iq/host/b:a", func(ctx context.Context, ev *sdk.Event) (any, error) {
		lengths <- len(ev.Stanza.ChildText("a", "b"))
		return true, nil
	})
	w := r.pipe().bound()
	w.send("<iq type='get' id='1' to='capulet.example'><a xmlns='b'>XX</a></iq>")
	if got := <-lengths; got != 24000 {
		t.Errorf("the text has %d bytes", got)
	}
}

// counted counts the writes to a connection.
type counted struct {
	net.Conn
	writes atomic.Int32
}

func (c *counted) Write(b []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(b)
}

// Answers to stanzas that came together go out together.
func TestAnswersAreCorked(t *testing.T) {
	r := newRig(t, Options{}, nil)
	client, server := net.Pipe()
	conn := &counted{Conn: server}
	go r.ServeConn(conn, ConnOptions{Secure: true})
	w := newWire(t, client).bound()
	if err := r.router.Session("juliet@capulet.example/balcony").Drain(t.Context()); err != nil { // a writer at work would take what it finds
		t.Fatal(err)
	}
	before := conn.writes.Load()
	w.send(strings.Repeat("<iq type='get' id='1' to='capulet.example'><a xmlns='b'/></iq>", 5))
	for range 5 {
		w.expect("</iq>")
	}
	if n := conn.writes.Load() - before; n != 1 {
		t.Errorf("%d writes, want 1", n)
	}
}
