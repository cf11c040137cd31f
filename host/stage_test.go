package host_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
	"quatrain/sdk"
	"quatrain/spec"
	"quatrain/xmpp/jid"
)

// stage is a server under test, and what it logged.
type stage struct {
	*host.Server
	t   *testing.T
	log *logBuffer
}

// setting is how the server of a stage differs from the usual one.
type setting struct {
	config  string
	plugins fs.FS // instead of the shipped plugins
	// inProcess runs plugins that have processes of their own within the server.
	inProcess bool
	native    map[string]func() sdk.Plugin
	// processes are plugins written in Go that run in processes of their own; TestMain must know them, too.
	processes map[string]func() sdk.Plugin
}

// start starts a server, which ends with the test. Its Lua modules can require what is below testdata/lib.
func start(t *testing.T, s setting) *stage {
	t.Helper()
	if s.plugins == nil {
		s.plugins = plugins.FS
	}
	log, runtimes := &logBuffer{}, map[string]string{}
	for name := range s.native {
		runtimes[name] = "go"
	}
	programs := s.native
	if s.processes != nil {
		programs = s.processes
	}
	for name := range s.processes {
		runtimes[name] = "go"
	}
	srv, err := host.New(host.Options{
		Config: []byte(s.config), DataDir: t.TempDir(), Plugins: s.plugins, Library: overlay{os.DirFS("testdata/lib"), lua.FS},
		Programs: programs, InProcess: s.inProcess || s.native != nil, Runtimes: runtimes,
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})), Listen: &host.Listen{Plain: []string{"127.0.0.1:0"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(func() {
		defer cancel()
		if err := srv.Stop(ctx, "test ended"); err != nil {
			t.Error(err)
		}
		if t.Failed() && testing.Verbose() {
			t.Log(log.String())
		}
	})
	if err := srv.Start(ctx); err != nil {
		t.Fatal(err)
	}
	return &stage{srv, t, log}
}

// lua runs a chunk and returns its results.
func (s *stage) lua(code string) []string {
	s.t.Helper()
	results, err := s.Console(s.t.Context(), "test", nil).Run(s.t.Context(), []byte(code), "=test")
	if err != nil {
		s.t.Fatal(err)
	}
	return results
}

// want fails unless a chunk gives the value.
func (s *stage) want(value, code string) {
	s.t.Helper()
	if got := strings.Join(s.lua(code), " "); got != value {
		s.t.Errorf("%s\ngot  %s\nwant %s", code, got, value)
	}
}

// logged fails unless one line of the log has all the parts.
func (s *stage) logged(parts ...string) {
	s.t.Helper()
	for line := range strings.Lines(s.log.String()) {
		if containsAll(line, parts) {
			return
		}
	}
	s.t.Errorf("no line of the log has %q", parts)
}

func containsAll(s string, parts []string) bool {
	for _, p := range parts {
		if !strings.Contains(s, p) {
			return false
		}
	}
	return true
}

// play plays a script, whose cast is given accounts if they have none.
func (s *stage) play(name, text string) {
	s.t.Helper()
	if err := s.perform(name, text); err != nil {
		s.t.Error(err)
	}
}

func (s *stage) perform(name, text string) error {
	script, err := spec.Parse(name, []byte(text))
	if err != nil {
		return err
	}
	for _, c := range script.Clients {
		s.admit(c)
	}
	player := spec.Player{Dial: spec.Only(s.Addrs()[0].String()), Timeout: 4 * spec.DefaultTimeout}
	return player.Play(s.t.Context(), script)
}

func (s *stage) admit(c *spec.Client) {
	account, err := jid.Parse(c.JID)
	if err != nil {
		s.t.Error(err)
		return
	}
	s.Accounts().Create(s.t.Context(), account.Bare(), c.Password) // it may be there already
}

// logBuffer is a log that can be read while it is written.
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

// overlay is several trees in one; the first that has a file wins.
type overlay []fs.FS

func (o overlay) Open(name string) (fs.File, error) {
	for _, tree := range o {
		if f, err := tree.Open(name); !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
}
