package host_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
)

// echoServices is a module with a service that answers each line, one that begins with TLS, and one that changes to TLS on demand.
const echoServices = `
module:set_global();
local portmanager, certmanager = require "core.portmanager", require "core.certmanager";
local listener = {};
local context = assert(certmanager.create_context("localhost", "server"));
function listener.onconnect(conn)
	conn:write("hello " .. conn:ip() .. " " .. tostring(conn:ssl()) .. "\n");
end
function listener.onincoming(conn, data)
	if data == "tls\n" then
		conn:write("proceed\n");
		conn:starttls(context);
	elseif data == "bye\n" then
		conn:write("good bye\n");
		conn:close();
	else
		conn:write(conn:serverport() .. " " .. tostring(conn:ssl()) .. " " .. data);
	end
end
function listener.onstatus(conn, status)
	conn:write(status .. "\n");
end
function listener.ondisconnect(conn, why)
	module:fire_event("echo-ended", { why = why });
end
module:provides("net", { name = "echo", listener = listener, private = true, default_port = 7 });
module:provides("net", { name = "echos", listener = listener, encryption = "ssl", default_ports = { 8, 9 } });
assert(portmanager.get_service("echo").listener == listener);
assert(next(portmanager.get_active_services():search("echo", nil)[1]));
assert(select(2, portmanager.unregister_service("echo", { listener = listener })) == "not-registered");
`

func startServices(t *testing.T) *host.Server {
	t.Helper()
	srv, err := host.New(host.Options{Config: []byte("[global]\nmodules_enabled = [\"echo\"]\n[host.localhost]\n"), DataDir: t.TempDir(),
		Plugins: overlay{files("mod_echo.lua", echoServices), plugins.FS}, Library: lua.FS, Listen: &host.Listen{Plain: []string{"127.0.0.1:0"}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := srv.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { srv.Stop(context.Background(), "test ended") })
	return srv
}

// line reads a line, which must begin and end with something.
func line(t *testing.T, r *bufio.Reader, begin, end string) {
	t.Helper()
	s, err := r.ReadString('\n')
	if err != nil || !strings.HasPrefix(s, begin) || !strings.HasSuffix(s, end+"\n") {
		t.Fatalf("got %q, %v; want %q … %q", s, err, begin, end)
	}
}

func dial(t *testing.T, addr net.Addr) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return conn
}

func TestServices(t *testing.T) {
	srv := startServices(t)
	addrs := srv.ServiceAddrs(t.Context(), "echo")
	if len(addrs) != 2 { // for 127.0.0.1 and ::1
		t.Fatalf("echo listens on %v", addrs)
	}
	port := addrs[0].String()[strings.LastIndex(addrs[0].String(), ":")+1:]
	t.Run("plain", func(t *testing.T) {
		conn := dial(t, addrs[0])
		r := bufio.NewReader(conn)
		line(t, r, "hello 127.0.0.1", "false")
		io.WriteString(conn, "ping\n")
		line(t, r, port+" false", "ping")
		io.WriteString(conn, "bye\n")
		line(t, r, "good", "bye")
		if _, err := r.ReadByte(); err != io.EOF {
			t.Errorf("want the end, got %v", err)
		}
	})
	t.Run("starttls", func(t *testing.T) {
		conn := dial(t, addrs[0])
		r := bufio.NewReader(conn)
		line(t, r, "hello", "false")
		io.WriteString(conn, "tls\n")
		line(t, r, "proceed", "")
		secured := tls.Client(conn, &tls.Config{InsecureSkipVerify: true, ServerName: "localhost"})
		r = bufio.NewReader(secured)
		line(t, r, "ssl-handshake-complete", "")
		io.WriteString(secured, "ping\n")
		line(t, r, port+" true", "ping")
	})
	t.Run("direct TLS", func(t *testing.T) {
		secured := tls.Client(dial(t, srv.ServiceAddrs(t.Context(), "echos")[0]), &tls.Config{InsecureSkipVerify: true, ServerName: "localhost"})
		line(t, bufio.NewReader(secured), "ssl-handshake-complete", "")
		if err := secured.ConnectionState().PeerCertificates[0].VerifyHostname("localhost"); err != nil {
			t.Error(err)
		}
	})
}

// A module that goes takes its listeners and connections with it.
func TestServicesEndWithTheirModule(t *testing.T) {
	srv := startServices(t)
	addr := srv.ServiceAddrs(t.Context(), "echo")[0]
	conn := dial(t, addr)
	r := bufio.NewReader(conn)
	line(t, r, "hello", "")
	unload := []byte("assert(require 'core.modulemanager'.unload('*', 'echo'))")
	if _, err := srv.Console(t.Context(), "test", nil).Run(t.Context(), unload, "=test"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.ReadByte(); err != io.EOF {
		t.Errorf("want the end, got %v", err)
	}
	if c, err := net.Dial("tcp", addr.String()); err == nil {
		c.Close()
		t.Error("the service still listens")
	}
	if left := srv.ServiceAddrs(t.Context(), "echo"); left != nil {
		t.Errorf("the service is still known at %v", left)
	}
}

// Ports, interfaces and certificates of a service are the operator's, and certificates are read again with the configuration.
func TestServicesAsConfigured(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "plugins.toml")
	write := func(certificate string) {
		t.Helper()
		text := fmt.Sprintf("[global]\nmodules_enabled = [\"echo\"]\ninterfaces = [\"127.0.0.1\"]\nc2s_ports = [0]\nc2s_direct_tls_ports = []\nlocal_interfaces = [\"127.0.0.1\"]\n"+
			"echo_ports = [0]\nechos_ports = [0, 0]\nechos_ssl = { certificate = \"%s.crt\", key = \"%s.key\" }\n[plugin.echo]\noptions = [\"echos_ssl\"]\n[host.localhost]\n", certificate, certificate)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	selfSigned(t, dir, "first")
	selfSigned(t, dir, "second")
	write("first")
	srv, err := host.New(host.Options{ConfigFile: file, DataDir: filepath.Join(dir, "data"), Plugins: overlay{files("mod_echo.lua", echoServices), plugins.FS}, Library: lua.FS})
	if err != nil {
		t.Fatal(err)
	}
	if err := srv.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer srv.Stop(context.Background(), "test ended")
	if addrs := srv.ServiceAddrs(t.Context(), "echo"); len(addrs) != 1 || !strings.HasPrefix(addrs[0].String(), "127.0.0.1:") {
		t.Errorf("echo listens on %v", addrs)
	}
	shown := func() string {
		t.Helper()
		secured := tls.Client(dial(t, srv.ServiceAddrs(t.Context(), "echos")[0]), &tls.Config{InsecureSkipVerify: true})
		if err := secured.Handshake(); err != nil {
			t.Fatal(err)
		}
		return secured.ConnectionState().PeerCertificates[0].Subject.CommonName
	}
	if got := shown(); got != "first" {
		t.Errorf("the certificate is that of %q", got)
	}
	write("second")
	if err := srv.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := shown(); got != "second" {
		t.Errorf("after a reload the certificate is that of %q", got)
	}
}

// selfSigned makes NAME.crt and NAME.key.
func selfSigned(t *testing.T, dir, name string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{name + ".crt": {Type: "CERTIFICATE", Bytes: der}, name + ".key": {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(filepath.Join(dir, file), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
