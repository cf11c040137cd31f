package main

import (
	"context"
	"testing"

	"quatrain"
	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
	"quatrain/spec"
)

// TestDirectTLS plays a script on a connection that begins with TLS (XEP-0368).
func TestDirectTLS(t *testing.T) {
	srv, err := host.New(host.Options{Config: quatrain.DefaultConfig, DataDir: t.TempDir(), Plugins: plugins.FS, Library: lua.FS,
		Listen: &host.Listen{DirectTLS: []string{"127.0.0.1:0"}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := srv.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := srv.Stop(context.Background(), "the test has ended"); err != nil {
			t.Error(err)
		}
	}()
	script, err := spec.Parse("x.scs", []byte("[Client] Romeo\n\tjid: romeo@localhost\n\tpassword: x\n---\nRomeo connects\nRomeo receives nothing\n"))
	if err != nil {
		t.Fatal(err)
	}
	e := &ephemeral{srv: srv, accounts: srv.Accounts()}
	if err := e.admit(t.Context(), script); err != nil {
		t.Fatal(err)
	}
	if err := spec.Run(t.Context(), script, spec.DirectTLS(srv.Addrs()[0].String(), nil)); err != nil {
		t.Error(err)
	}
}
