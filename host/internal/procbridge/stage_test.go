package procbridge_test

import (
	"bytes"
	"context"
	"iter"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"quatrain/host/internal/event"
	"quatrain/host/internal/metric"
	"quatrain/host/internal/moduleapi"
	"quatrain/host/internal/permission"
	"quatrain/host/internal/plugin"
	"quatrain/host/internal/procbridge"
	"quatrain/sdk"
	"quatrain/sdk/serve"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// TestMain makes the test binary the program of its plugins.
func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[2] == "foreign" {
		serveForeign(foreign[os.Args[3]])
		return
	}
	serve.InTestMain(func(_, name string) func() sdk.Plugin { return programs[name] })
	os.Exit(m.Run())
}

// stage is a server without streams.
type stage struct {
	t       testing.TB
	buses   map[string]*event.Bus
	source  *procbridge.Source
	manager *plugin.Manager
	log     *logBuffer

	mu      sync.Mutex // guards the rest
	options map[string]any
	replies chan string
}

// newStage makes one whose plugins are those of programs, unless find says otherwise.
func newStage(t testing.TB, change func(o *procbridge.Options)) *stage {
	t.Helper()
	s := &stage{t: t, buses: map[string]*event.Bus{}, log: &logBuffer{}, options: map[string]any{}, replies: make(chan string, 10000)}
	log := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	for _, host := range []string{"*", "a.example", "b.example"} {
		s.buses[host] = event.NewBus(log, nil)
	}
	srv := &moduleapi.Server{
		Hosts: s, Options: s, Router: s, Stores: s, Items: moduleapi.NewItems(), Grants: permission.NewGrants(), Metrics: metric.NewRegistry(), Log: log,
	}
	o := procbridge.Options{
		Names: procbridge.Names{NotFound: plugin.ErrNotFound, NotShared: plugin.ErrNotShared}, Find: own, Log: log,
		Replaced: func(ctx context.Context, host, name string) int { return s.manager.ReloadDependents(ctx, host, name) },
		Missed:   func(ctx context.Context, host, name string) int { return s.manager.LoadMissed(ctx, host, name) },
		GivenUp:  func(ctx context.Context, host, name string) { s.manager.Unload(ctx, host, name) },
		Pause:    time.Millisecond, MaxPause: 10 * time.Millisecond,
	}
	if change != nil {
		change(&o)
	}
	s.source = procbridge.NewSource(o)
	s.manager = plugin.NewManager(srv, s, s.source)
	srv.Depend = s.manager
	t.Cleanup(func() {
		s.manager.UnloadAll(sdk.NewChain(context.Background()))
		if err := s.source.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() && testing.Verbose() {
			t.Log(s.log.String())
		}
	})
	return s
}

// own is the test binary as the program of a plugin.
func own(name string) (p procbridge.Program, ok bool, err error) {
	if programs[name] == nil {
		return p, false, nil
	}
	self, err := os.Executable()
	return procbridge.Program{Command: []string{self, "plugin", "serve", name}}, true, err
}

func (s *stage) Bus(host string) sdk.Bus {
	if b := s.buses[host]; b != nil {
		return b
	}
	return nil
}

func (s *stage) Type(host string) (sdk.HostType, bool)                     { return sdk.HostLocal, s.buses[host] != nil }
func (s *stage) Origin(string) sdk.Session                                 { return nil }
func (s *stage) OptionAt(_, name string) any                               { return s.Option("", name) }
func (s *stage) OnError(string) sdk.OnError                                { return sdk.Reject }
func (s *stage) Resolve(name string) string                                { return name }
func (s *stage) Synonyms(string) []string                                  { return nil }
func (s *stage) Disabled(string, string) bool                              { return false }
func (s *stage) ForceReload(string) bool                                   { return false }
func (s *stage) Open(context.Context, string, string, string) (any, error) { return &table{}, nil }

func (s *stage) Option(_, name string) any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.options[name]
}

func (s *stage) setOption(name string, v any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.options[name] = v
}

func (s *stage) Post(_ context.Context, _ sdk.Session, st *stanza.Element) error {
	s.replies <- st.ChildText("body", "")
	return nil
}

func (s *stage) Broadcast(_ context.Context, _ string, to []string, st *stanza.Element) error {
	s.replies <- strings.Join(to, ",") + " " + st.ChildText("body", "")
	return nil
}

func (s *stage) SendEach(_ context.Context, _, to string, list iter.Seq[*stanza.Printed]) error {
	for p := range list {
		st, err := xmlstream.ParseElement(p.Bytes())
		if err != nil {
			return err
		}
		s.replies <- to + " " + st.ChildText("body", "")
	}
	return nil
}

// load loads a plugin on a.example.
func (s *stage) load(name string) *procbridge.Instance {
	s.t.Helper()
	i, err := s.manager.Load(sdk.NewChain(s.t.Context()), "a.example", name)
	if err != nil {
		s.t.Fatal(err)
	}
	return i.Plugin.(*procbridge.Instance)
}

// fire fires an event on a.example, with a deadline.
func (s *stage) fire(name string, pairs ...any) (any, error) {
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	return s.buses["a.example"].Fire(sdk.NewChain(ctx), sdk.NewEvent(name, pairs...))
}

// late is a stanza whose sender does not wait.
type late struct {
	done chan any // the result, or the error
}

func (l *late) Finish(_ context.Context, result any, err error) {
	if err != nil {
		l.done <- err
		return
	}
	l.done <- result
}

// say sends a message to room@a.example, which the plugin is there for.
func (s *stage) say(text string) *late {
	s.t.Helper()
	ev := sdk.StanzaEvent("message/bare", nil, stanza.Message(text, "from", "romeo@b.example/x", "to", "room@a.example"))
	l := &late{make(chan any, 1)}
	ev.AcceptLate(l)
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	result, err := s.buses["a.example"].Fire(sdk.NewChain(ctx), ev)
	if _, deferred := result.(*sdk.Deferral); !deferred {
		l.Finish(ctx, result, err)
	}
	return l
}

func (l *late) wait(t *testing.T) any {
	t.Helper()
	select {
	case v := <-l.done:
		return v
	case <-time.After(20 * time.Second):
		t.Fatal("no answer")
		return nil
	}
}

func (s *stage) reply() string {
	s.t.Helper()
	select {
	case text := <-s.replies:
		return text
	case <-time.After(20 * time.Second):
		s.t.Fatal("nothing was sent")
		return ""
	}
}

// until waits for what other goroutines bring about.
func (s *stage) until(what string, f func() bool) {
	s.t.Helper()
	for end := time.Now().Add(20 * time.Second); !f(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("not within 20 seconds: %s", what)
		}
	}
}

// logged waits for a line of the log that has all the parts.
func (s *stage) logged(parts ...string) {
	s.t.Helper()
	s.until("the log says "+strings.Join(parts, ", "), func() bool {
		for line := range strings.Lines(s.log.String()) {
			all := true
			for _, p := range parts {
				all = all && strings.Contains(line, p)
			}
			if all {
				return true
			}
		}
		return false
	})
}

type logBuffer struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// table is a keyval store that forgets everything.
type table struct{ sdk.Keyval }

func (*table) Get(context.Context, string) (any, error) { return nil, nil }
