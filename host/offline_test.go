package host_test

import (
	"net"
	"testing"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
)

// A server without a network lets modules make no connections, not even to this machine.
func TestOffline(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for offline, want := range map[bool]string{false: "connected", true: "dial tcp " + l.Addr().String() + ": this server makes no connections"} {
		srv, err := host.New(host.Options{Config: []byte("[host.\"localhost\"]\n"), DataDir: t.TempDir(), Plugins: plugins.FS, Library: lua.FS, Listen: &host.Listen{}, Offline: offline})
		if err != nil {
			t.Fatal(err)
		}
		if err := srv.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, port, err := net.SplitHostPort(l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		s := &stage{Server: srv, t: t}
		s.want(want, `
			local promise = require "util.promise".new(function (resolve)
				local listener = { onconnect = function () resolve("connected"); end, ondisconnect = function (_, why) resolve(why); end, onincoming = function () end };
				require "net.server".addclient("127.0.0.1", `+port+`, listener);
			end);
			return require "util.async".wait_for(promise);`)
		if offline {
			s.want("this server makes no connections", `
				local promise = require "util.promise".new(function (resolve)
					require "net.adns".lookup(function (_, why) resolve(why); end, "localhost", "A");
				end);
				return require "util.async".wait_for(promise);`)
			s.want("this server makes no connections", `return (select(2, require "socket".dns.toip("localhost")));`)
			s.want("0", `
				local promise = require "util.promise".new(function (resolve)
					require "net.http".request("http://`+l.Addr().String()+`/", nil, function (_, code) resolve(code); end);
				end);
				return require "util.async".wait_for(promise);`)
		}
		if err := srv.Stop(t.Context(), "test ended"); err != nil {
			t.Error(err)
		}
	}
}
