package interop

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"quatrain/host"
	"quatrain/spec"
	"quatrain/xmpp/jid"
)

// aServer serves one domain with Prosody's modules for streams between servers.
func aServer(t *testing.T, domain, modules, options string) *host.Server {
	t.Helper()
	dir := t.TempDir()
	link(t, dir, "s2s", "dialback", "s2s_bidi", "s2s_auth_certs")
	config := fmt.Sprintf(`
[global]
plugin_paths = [%q]
modules_enabled = ["tls", "saslauth", "roster", "disco", "ping", %s]
%s
[host.%q]
`, filepath.Join(dir, "modules"), modules, options, domain)
	return startServer(t, host.Options{Config: []byte(config)}, map[string]string{"romeo@" + domain: "montague", "juliet@" + domain: "capulet"})
}

// introduce tells a server where others are, in place of the DNS.
func introduce(t *testing.T, srv *host.Server, ports map[string]string) {
	t.Helper()
	var known strings.Builder
	for domain, addr := range ports {
		ip, port, err := net.SplitHostPort(addr)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&known, "[%q] = { { srv = { priority = 1, weight = 1, port = %s, target = %q } } };\n", "_xmpp-server._tcp."+domain, port, ip)
	}
	script := "local known = {" + known.String() + "}; local adns = require 'net.adns'; function adns.lookup(callback, name) callback(known[name] or {}); return true; end"
	if _, err := srv.Console(t.Context(), "test", nil).Run(t.Context(), []byte(script), "=dns"); err != nil {
		t.Fatal(err)
	}
}

// byDomain dials each client's own server.
func byDomain(servers map[string]*host.Server) spec.Dialer {
	return func(ctx context.Context, c *spec.Client) (net.Conn, error) {
		return spec.Only(servers[jid.MustParse(c.JID).Domain()].Addrs()[0].String())(ctx, c)
	}
}

func serviceAddr(t *testing.T, srv *host.Server, name string) string {
	t.Helper()
	addrs := srv.ServiceAddrs(t.Context(), name)
	if len(addrs) == 0 {
		t.Fatalf("%s does not listen", name)
	}
	return addrs[0].String()
}

// Two servers with Prosody's s2s and dialback exchange messages, presence and errors, encrypted or not, over one stream or two.
func TestServersTalk(t *testing.T) {
	for name, c := range map[string]struct{ modules, options string }{
		"plain":         {`"s2s", "dialback"`, "s2s_require_encryption = false\ns2s_allow_encryption = false"},
		"encrypted":     {`"s2s", "dialback", "s2s_auth_certs"`, ""},
		"bidirectional": {`"s2s", "dialback", "s2s_bidi", "s2s_auth_certs"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			one, two := aServer(t, "one.example", c.modules, c.options), aServer(t, "two.example", c.modules, c.options)
			where := map[string]string{"one.example": serviceAddr(t, one, "s2s"), "two.example": serviceAddr(t, two, "s2s")}
			introduce(t, one, where)
			introduce(t, two, where)
			player := spec.Player{Dial: byDomain(map[string]*host.Server{"one.example": one, "two.example": two}), Timeout: 4 * spec.DefaultTimeout}
			if err := player.Play(t.Context(), parseScript(t, "testdata/s2s.scs")); err != nil {
				t.Error(err)
			}
		})
	}
}

// With s2s_secure_auth servers believe only certificates that somebody they trust has signed.
func TestServersWantCertificates(t *testing.T) {
	dir := t.TempDir()
	ca := newAuthority(t, dir)
	for _, domain := range []string{"one.example", "two.example"} {
		ca.sign(t, dir, domain)
	}
	trusting := fmt.Sprintf("s2s_secure_auth = true\ncertificates = %q\ns2s_ssl = { cafile = %q }", dir, filepath.Join(dir, "ca.pem"))
	modules := `"s2s", "dialback", "s2s_auth_certs"`
	one := aServer(t, "one.example", modules, trusting)
	for name, c := range map[string]struct{ options, script string }{
		"signed":      {trusting, "testdata/s2s.scs"},
		"self-signed": {"", "testdata/s2s_untrusted.scs"},
	} {
		t.Run(name, func(t *testing.T) {
			two := aServer(t, "two.example", modules, c.options)
			where := map[string]string{"one.example": serviceAddr(t, one, "s2s"), "two.example": serviceAddr(t, two, "s2s")}
			introduce(t, one, where)
			introduce(t, two, where)
			player := spec.Player{Dial: byDomain(map[string]*host.Server{"one.example": one, "two.example": two}), Timeout: 4 * spec.DefaultTimeout}
			if err := player.Play(t.Context(), parseScript(t, c.script)); err != nil {
				t.Error(err)
			}
			stopServer(t, two)
		})
	}
}
