package interop

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"quatrain/host"
	"quatrain/spec"
)

// storages are the two that both servers have: lines of Prosody's configuration, and of ours.
var storages = map[string][2]string{
	"internal":     {`storage = "internal"`, `default_storage = "internal"`},
	"older layout": {"storage = \"internal\"\nnew_muc_storage_format = false", "default_storage = \"internal\"\nnew_muc_storage_format = false"},
	"sqlite":       {"storage = \"sql\"\nsql = { driver = \"SQLite3\", database = \"prosody.sqlite\" }", `sql = { database = "prosody.sqlite" }`},
}

// starter runs a server on a data directory.
type starter func(t *testing.T, data, storage string) (address string, stop func())

// ours is a starter of ours. Streams are not encrypted, so that the test can look into them.
func ours(runtime string) starter {
	return func(t *testing.T, data, storage string) (address string, stop func()) {
		t.Helper()
		srv := startServerOn(t, data, host.Options{Runtimes: twins(runtime), Config: []byte(`
[global]
` + storage + `
modules_enabled = ["saslauth", "roster", "disco", "register", "ping"]
allow_registration = true
c2s_require_encryption = false
[host."localhost"]
[component."conference.localhost"]
plugin = "muc_core"
modules_enabled = ["muc_register", "muc_mam"]
`)}, nil)
		return srv.Addrs()[0].String(), func() { stopServer(t, srv) }
	}
}

// TestRoomsChangeServers: what one server has written of rooms the other reads, in both directions: configuration, affiliations, reserved
// nicks, subject, occupant ids, archive, tombstone, list of rooms; and the first again, when the other one has changed them. So are accounts, since
// the people log in with their old passwords.
func TestRoomsChangeServers(t *testing.T) {
	for storage, lines := range storages {
		for _, runtime := range runtimes {
			t.Run("from Prosody/"+storage+"/"+runtime, func(t *testing.T) {
				t.Parallel()
				move(t, prosody, lines[0], ours(runtime), lines[1])
			})
			t.Run("to Prosody/"+storage+"/"+runtime, func(t *testing.T) {
				t.Parallel()
				move(t, ours(runtime), lines[1], prosody, lines[0])
			})
		}
	}
}

// TestOldRooms opens rooms as older and newer versions of Prosody have written them, in its data directory.
func TestOldRooms(t *testing.T) { forTwins(t, oldRooms) }

func oldRooms(t *testing.T, runtime string) {
	data := t.TempDir()
	if err := os.CopyFS(data, os.DirFS("testdata/old_rooms/data")); err != nil {
		t.Fatal(err)
	}
	address, stop := ours(runtime)(t, data, storages["internal"][1])
	playText(t, spec.Only(address), "testdata/old_rooms/ancient.scs", nil)
	playText(t, spec.Only(address), "testdata/old_rooms/thirteen.scs", nil)
	stop()
}

func move(t *testing.T, first starter, firstStorage string, second starter, secondStorage string) {
	data := t.TempDir()
	address, stop := first(t, data, firstStorage)
	listener := &listener{}
	playText(t, listener.dialer(address), "testdata/changed_rooms/written.scs", nil)
	stop()
	id := listener.find(t, `<presence[^>]*from=['"]garden@conference\.localhost/Juliet['"].*?<occupant-id[^>]*? id=['"]([^'"]+)`)
	read := func(server starter, storage string) {
		address, stop := server(t, data, storage)
		playText(t, spec.Only(address), "testdata/changed_rooms/read.scs", strings.NewReplacer("OCCUPANT_ID", id))
		stop()
	}
	read(second, secondStorage)
	read(first, firstStorage)
}

func playText(t *testing.T, dial spec.Dialer, file string, words *strings.Replacer) {
	t.Helper()
	src, err := os.ReadFile(filepath.FromSlash(file))
	if err != nil {
		t.Fatal(err)
	}
	text := string(src)
	if words != nil {
		text = words.Replace(text)
	}
	script, err := spec.Parse(file, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	player := spec.Player{Dial: dial, Timeout: 4 * spec.DefaultTimeout, Register: true}
	if err := player.Play(t.Context(), script); err != nil {
		t.Fatal(err)
	}
}

// listener notes what the clients of a script receive.
type listener struct {
	mu    sync.Mutex // guards heard
	heard bytes.Buffer
}

func (l *listener) dialer(address string) spec.Dialer {
	return func(ctx context.Context, c *spec.Client) (net.Conn, error) {
		conn, err := spec.Only(address)(ctx, c)
		return &overheard{conn, l}, err
	}
}

// find is the first group of a pattern in what was received.
func (l *listener) find(t *testing.T, pattern string) string {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	m := regexp.MustCompile(`(?s)` + pattern).FindSubmatch(l.heard.Bytes())
	if m == nil {
		t.Fatalf("nothing like %s was received", pattern)
	}
	return string(m[1])
}

type overheard struct {
	net.Conn
	listener *listener
}

func (o *overheard) Read(p []byte) (int, error) {
	n, err := o.Conn.Read(p)
	o.listener.mu.Lock()
	defer o.listener.mu.Unlock()
	o.listener.heard.Write(p[:n])
	return n, err
}
