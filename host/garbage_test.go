package host_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"testing"
	"weak"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
	"quatrain/spec"
	"quatrain/xmpp/jid"
)

// TestStoppedServersAreGarbage: nothing of a server that clients have used is held when it has stopped, neither by a clean-up nor by the Lua world.
func TestStoppedServersAreGarbage(t *testing.T) {
	for name, plugin := range map[string]string{"plugins within": "ping", "a plugin in a process": "halls"} {
		t.Run(name, func(t *testing.T) {
			left := useServer(t, plugin)
			for range 10 {
				runtime.GC()
				if left.Value() == nil {
					return
				}
			}
			t.Error("a stopped server is still held by something")
		})
	}
}

// useServer starts a server, plays a little, stops it, and forgets it.
func useServer(t *testing.T, plugin string) weak.Pointer[host.Server] {
	config := fmt.Sprintf("[host.localhost]\nmodules_enabled = [\"roster\", \"tls\", \"saslauth\", \"disco\", \"http\", %q, \"visits\"]\n", plugin)
	visits := files("mod_visits.lua", `
module:hook("iq-get/self/jabber:iq:roster:query", function (event) kept = prosody.hosts[module.host]; end, 10);
pcall(function () kept_hall = module:depends "halls".get_hall("garden"); kept_hall.mine = module; end);
`)
	srv, err := host.New(host.Options{Config: []byte(config), DataDir: t.TempDir(), Programs: processPlugins, Runtimes: map[string]string{"halls": "go"},
		Plugins: overlay{visits, plugins.FS}, Library: lua.FS, Listen: &host.Listen{Plain: []string{"127.0.0.1:0"}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := srv.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := srv.Accounts().Create(t.Context(), jid.MustParse("romeo@localhost"), "montague"); err != nil {
		t.Fatal(err)
	}
	script, err := spec.Parse("x.scs", []byte("[Client] Romeo\n\tjid: romeo@localhost\n\tpassword: montague\n---\nRomeo connects\n"+
		"Romeo sends:\n\t<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>\nRomeo receives:\n\t<iq type='result' id='r'/>\nRomeo disconnects\n"))
	if err != nil {
		t.Fatal(err)
	}
	player := spec.Player{Dial: spec.Only(srv.Addrs()[0].String()), Timeout: 4 * spec.DefaultTimeout}
	if err := player.Play(t.Context(), script); err != nil {
		t.Fatal(err)
	}
	keepConnection(t, srv)
	if err := srv.Stop(context.Background(), "test ended"); err != nil {
		t.Fatal(err)
	}
	return weak.Make(srv)
}

// keepConnection asks for a page and leaves the connection open.
func keepConnection(t *testing.T, srv *host.Server) {
	t.Helper()
	conn := dial(t, srv.ServiceAddrs(t.Context(), "http")[0])
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(resp, err)
	}
}
