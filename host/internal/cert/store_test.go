package cert

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/tls"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// clock is handed in instead of time.Now.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func discard() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// install puts a certificate for hosts into files and returns it.
func install(t *testing.T, certFile, keyFile string, hosts ...string) {
	t.Helper()
	s := &Store{cfg: Config{Hosts: hosts, Now: time.Now}}
	_, c, k, err := s.makeSelf(nil)
	if err != nil {
		t.Fatal(err)
	}
	for file, data := range map[string][]byte{certFile: c, keyFile: k} {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func open(t *testing.T, cfg Config) *Store {
	t.Helper()
	if cfg.Log == nil {
		cfg.Log = discard()
	}
	s, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// serves tells whether the certificate for a name has that name in it.
func serves(t *testing.T, s *Store, name string) bool {
	t.Helper()
	c, err := s.GetCertificate(&tls.ClientHelloInfo{ServerName: name})
	if err != nil {
		t.Fatal(err)
	}
	return c != s.self && c.Leaf.VerifyHostname(ascii(name)) == nil
}

func TestPlaces(t *testing.T) {
	for _, c := range []struct{ name, cert, key, san, host string }{
		{"crt and key", "a.example.crt", "a.example.key", "a.example", "a.example"},
		{"directory", "a.example/fullchain.pem", "a.example/privkey.pem", "a.example", "a.example"},
		{"certbot", "live/a.example/fullchain.pem", "live/a.example/privkey.pem", "a.example", "a.example"},
		{"wildcard file", "_.example.crt", "_.example.key", "*.example", "a.example"},
		{"named inside", "other.crt", "other.key", "a.example", "a.example"},
		{"wildcard inside", "other.crt", "other.key", "*.example", "a.example"},
		{"not ascii", "bücher.example.crt", "bücher.example.key", "bücher.example", "bücher.example"},
		{"asked in ascii", "bücher.example.crt", "bücher.example.key", "bücher.example", "xn--bcher-kva.example"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			install(t, filepath.Join(dir, c.cert), filepath.Join(dir, c.key), c.san)
			if !serves(t, open(t, Config{Dir: dir, Hosts: []string{c.host}}), c.host) {
				t.Error("not found")
			}
		})
	}
}

func TestBySNIThenByStream(t *testing.T) {
	dir := t.TempDir()
	install(t, filepath.Join(dir, "a.example.crt"), filepath.Join(dir, "a.example.key"), "a.example")
	install(t, filepath.Join(dir, "b.example.crt"), filepath.Join(dir, "b.example.key"), "b.example")
	s := open(t, Config{Dir: dir, Hosts: []string{"a.example", "b.example"}})
	for _, c := range []struct{ sni, to, want string }{
		{"a.example", "b.example", "a.example"}, {"", "b.example", "b.example"}, {"xmpp.isp.example", "b.example", "b.example"},
	} {
		got, err := s.For(c.to)(&tls.ClientHelloInfo{ServerName: c.sni})
		if err != nil || got.Leaf.VerifyHostname(c.want) != nil {
			t.Errorf("sni %q, to %q: want %s, %v", c.sni, c.to, c.want, err)
		}
	}
	if _, err := s.GetCertificate(&tls.ClientHelloInfo{ServerName: "srv.isp.example"}); err != nil {
		t.Errorf("a foreign name on a direct connection: %v", err)
	}
}

func TestSelfSignedIsKept(t *testing.T) {
	self := t.TempDir()
	var log bytes.Buffer
	cfg := Config{SelfDir: self, Hosts: []string{"localhost", "bücher.example", "127.0.0.1"}, Log: slog.New(slog.NewTextHandler(&log, nil))}
	first, err := open(t, cfg).Certificate("localhost")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"localhost", "xn--bcher-kva.example", "127.0.0.1"} {
		if err := first.Leaf.VerifyHostname(name); err != nil {
			t.Error(err)
		}
	}
	if n := strings.Count(log.String(), "level=WARN"); n != 1 {
		t.Errorf("%d warnings: %s", n, log.String())
	}
	info, err := os.Stat(filepath.Join(self, "selfsigned.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key: %v, %v", info.Mode(), err)
	}
	again, _ := open(t, cfg).Certificate("localhost")
	if !first.Leaf.Equal(again.Leaf) {
		t.Error("the second start made another certificate")
	}
	cfg.Hosts = append(cfg.Hosts, "new.example")
	other, _ := open(t, cfg).Certificate("new.example")
	if other.Leaf.VerifyHostname("new.example") != nil {
		t.Error("a new host is not in the certificate")
	}
	if !first.Leaf.PublicKey.(*ecdsa.PublicKey).Equal(other.Leaf.PublicKey) {
		t.Error("who has pinned the key has to trust anew because of a new host")
	}
	late := &clock{time.Now().AddDate(selfYears, 0, 1)}
	cfg.Now = late.Now
	renewed, _ := open(t, cfg).Certificate("new.example")
	if !renewed.Leaf.NotAfter.After(late.now) {
		t.Error("an expired certificate is used")
	}
}

func TestDamagedSelfSignedIsNotReplaced(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "selfsigned.crt")
	for _, name := range []string{file, filepath.Join(dir, "selfsigned.key")} {
		if err := os.WriteFile(name, []byte("damaged"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Open(Config{SelfDir: dir, Hosts: []string{"a.example"}, Log: discard()})
	if err == nil || !strings.Contains(err.Error(), "remove it") {
		t.Errorf("Open: %v, want an error that says what to do", err)
	}
	if left, _ := os.ReadFile(file); string(left) != "damaged" {
		t.Errorf("the file is now %q", left)
	}
}

func TestReload(t *testing.T) {
	dir := t.TempDir()
	crt, key := filepath.Join(dir, "a.example.crt"), filepath.Join(dir, "a.example.key")
	c := &clock{time.Now()}
	s := open(t, Config{Dir: dir, Hosts: []string{"a.example"}, Now: c.Now})
	if serves(t, s, "a.example") {
		t.Fatal("there is a certificate out of nothing")
	}
	install(t, crt, key, "a.example")
	if serves(t, s, "a.example") {
		t.Error("the files were looked at within a second")
	}
	c.now = c.now.Add(recheck)
	if !serves(t, s, "a.example") {
		t.Fatal("the new certificate was not found")
	}
	before, _ := s.Certificate("a.example")
	if err := os.WriteFile(key, []byte("half a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.now = c.now.Add(recheck)
	if after, _ := s.Certificate("a.example"); after != before {
		t.Error("a broken pair displaced the good one")
	}
	install(t, crt, key, "a.example")
	if err := s.Reload([]string{"a.example"}); err != nil {
		t.Fatal(err)
	}
	if after, _ := s.Certificate("a.example"); after == before || after == s.self {
		t.Error("Reload did not take the new certificate")
	}
}
