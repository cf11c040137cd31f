package host_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
)

const oneHost = "[global]\nmodules_enabled = []\n[host.\"a.example\"]\n"

func newOn(t *testing.T, data string, listen ...string) *host.Server {
	t.Helper()
	srv, err := host.New(host.Options{Config: []byte(oneHost), DataDir: data, Plugins: plugins.FS, Library: lua.FS, Listen: &host.Listen{Plain: listen}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { srv.Stop(t.Context(), "test ended") })
	return srv
}

func TestDataIsServedByOneServer(t *testing.T) {
	data := t.TempDir()
	first := newOn(t, data, "127.0.0.1:0")
	if err := first.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := newOn(t, data, "127.0.0.1:0").Start(t.Context()); err == nil || !strings.Contains(err.Error(), "another server is running with it") {
		t.Errorf("a second server: %v", err)
	}
	looking := newOn(t, data)
	if err := looking.Start(t.Context()); err != nil {
		t.Errorf("a server that does not listen: %v", err)
	}
	if err := looking.Stop(t.Context(), "looked at"); err != nil {
		t.Error(err)
	}
	if err := first.Stop(t.Context(), "replaced"); err != nil {
		t.Fatal(err)
	}
	if err := newOn(t, data, "127.0.0.1:0").Start(t.Context()); err != nil {
		t.Errorf("after the first has ended: %v", err)
	}
}

// A server that cannot read its accounts would turn everybody away.
func TestStartNeedsAccounts(t *testing.T) {
	data := t.TempDir()
	if err := os.WriteFile(filepath.Join(data, "quatrain.sqlite"), []byte("this is no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	srv := newOn(t, data, "127.0.0.1:0")
	if err := srv.Start(t.Context()); err == nil || !strings.Contains(err.Error(), `the accounts of host "a.example"`) {
		t.Errorf("got %v", err)
	}
	if addrs := srv.Addrs(); len(addrs) > 0 {
		t.Errorf("listens on %v", addrs)
	}
}
