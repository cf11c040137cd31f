package interop

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
	"quatrain/xmpp/jid"
)

// startServer starts one on loopback, with accounts (JID to password). Unless it has a log, what it logs is the test's output, and no handler may fail.
func startServer(t *testing.T, o host.Options, accounts map[string]string) *host.Server {
	t.Helper()
	return startServerOn(t, t.TempDir(), o, accounts)
}

// startServerOn is startServer with data that are there.
func startServerOn(t *testing.T, data string, o host.Options, accounts map[string]string) *host.Server {
	t.Helper()
	o.DataDir, o.Plugins, o.Library, o.Programs = data, plugins.FS, lua.FS, programs
	if o.Log == nil {
		o.Log = slog.New(newCritic(t))
	}
	o.Listen = &host.Listen{Plain: []string{"127.0.0.1:0"}}
	srv, err := host.New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := srv.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stopServer(t, srv) })
	checkProcesses(t, srv, o.Runtimes)
	for account, password := range accounts {
		if err := srv.Accounts().Create(t.Context(), jid.MustParse(account), password); err != nil {
			t.Fatal(err)
		}
	}
	return srv
}

// checkProcesses sees to it that a test of plugins in Go is one of processes.
func checkProcesses(t *testing.T, srv *host.Server, runtimes map[string]string) {
	t.Helper()
	for _, plugin := range srv.Plugins() {
		if runtime := runtimes[plugin.Name]; runtime != "" && (plugin.PID != 0) != (runtime == "go") {
			t.Fatalf("%s on %s is to run in %s; its process is %d", plugin.Name, plugin.Host, runtime, plugin.PID)
		}
	}
}

// stopServer may be called before the test's end.
func stopServer(t *testing.T, srv *host.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := srv.Stop(ctx, "the test has ended"); err != nil {
		t.Errorf("stopping the server: %v", err)
	}
}

// missing ends a test that cannot run because something is not installed: in CI it has to be there.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what + " is not installed")
	}
	t.Skip(what + " is not installed")
}

// inLua runs a script in the server, and gives its results as text.
func inLua(t *testing.T, srv *host.Server, script string) []string {
	t.Helper()
	results, err := srv.Console(t.Context(), "test", nil).Run(t.Context(), []byte(script), "=test")
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// awaitLua waits until a script has these results, separated by spaces: what follows the end of a stream comes when it comes.
func awaitLua(t *testing.T, srv *host.Server, script, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		got := strings.Join(inLua(t, srv, script), " ")
		if got == want {
			return
		}
		select {
		case <-ctx.Done():
			t.Errorf("%s\ngot  %s\nwant %s", script, got, want)
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}
