package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
	"quatrain/spec"
)

// logbook is a log that can be read while it is written.
type logbook struct {
	mu sync.Mutex // guards the rest
	b  bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

const smallConfig = `
[global]
modules_enabled = ["tls", "saslauth", "roster", "ping"]
[host."localhost"]
name = "Verona"
`

func TestSignals(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "plugins.toml")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(smallConfig)
	book := &logbook{}
	log := slog.New(slog.NewTextHandler(book, nil))
	srv, err := host.New(host.Options{ConfigFile: file, DataDir: filepath.Join(dir, "data"), Plugins: plugins.FS, Library: lua.FS,
		Log: log, Listen: &host.Listen{Plain: []string{"127.0.0.1:0"}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := srv.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	signals := make(chan os.Signal)
	ended := make(chan error, 1)
	go func() { ended <- serve(t.Context(), srv, signals, log) }()
	e := &ephemeral{srv: srv, accounts: srv.Accounts()}
	script, err := spec.Parse("x.scs", []byte("[Client] Romeo\n\tjid: romeo@localhost\n\tpassword: x\n---\nRomeo connects\nRomeo receives nothing\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.admit(t.Context(), script); err != nil {
		t.Fatal(err)
	}
	signals <- syscall.SIGHUP
	signals <- syscall.SIGHUP // taken when the first has been handled
	write("[host.\"localhost\"]\nnaem = \"x\"\n")
	signals <- syscall.SIGHUP
	if err := spec.Run(t.Context(), script, e.dial()); err != nil {
		t.Errorf("after a reload that failed: %v", err)
	}
	signals <- syscall.SIGTERM
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("the server does not end")
	}
	for _, want := range []string{"configuration reloaded", "reloading failed", "plugins.toml:2", "stopping"} {
		if !strings.Contains(book.String(), want) {
			t.Errorf("the log does not say %q:\n%s", want, book)
		}
	}
}
