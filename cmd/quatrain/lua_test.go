package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quatrain"
	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
)

func TestLuaPrompt(t *testing.T) {
	input := `1 + 1, "a"
x = require "util.jid".bare("romeo@localhost/x")
x
(function ()
  return 7
end)()
error("boo")
for
= 1
`
	got := run(t, input, "lua", "--data", t.TempDir())
	for _, want := range []string{"2\ta\n", "romeo@localhost\n", "7\n", "stdin:1: boo"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("want %q in %+v", want, got)
		}
	}
	if got.code != exitOK {
		t.Errorf("got %+v", got)
	}
}

func TestLuaFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.lua")
	if err := os.WriteFile(file, []byte("assert(arg[1] == 'a')\nassert(prosody.hosts.localhost)\nerror('boo')\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := run(t, "", "lua", "--data", t.TempDir(), file, "a")
	if got.code != exitFail || !strings.Contains(got.stderr, "x.lua:3: boo") {
		t.Errorf("got %+v", got)
	}
}

func TestPluginsAreListed(t *testing.T) {
	got := run(t, "", "plugins", "--data", t.TempDir(), "--hooks")
	for _, want := range []string{"conference.localhost  muc_register", "localhost             ping", "iq-get/host/urn:xmpp:ping:ping"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("want %q in %s", want, got.stdout)
		}
	}
}

func TestLuaNeedsTheDataForItself(t *testing.T) {
	data := t.TempDir()
	file := filepath.Join(t.TempDir(), "x.lua")
	if err := os.WriteFile(file, []byte("print(1)"), 0o600); err != nil {
		t.Fatal(err)
	}
	srv, err := host.New(host.Options{Config: quatrain.DefaultConfig, DataDir: data, Plugins: plugins.FS, Library: lua.FS, Listen: &host.Listen{}, Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := srv.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer srv.Stop(context.Background(), "the test is over")
	if got := run(t, "", "lua", "--data", data, file); got.code != exitFail || !strings.Contains(got.stderr, "another server") {
		t.Errorf("got %+v", got)
	}
	if got := run(t, "", "plugins", "--data", data); got.code != exitOK {
		t.Errorf("plugins: got %+v", got)
	}
}
