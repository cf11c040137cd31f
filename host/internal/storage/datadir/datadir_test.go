package datadir

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quatrain/host/internal/storage/storagetest"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

func open(t *testing.T, limit func(string, string) int) *Driver {
	t.Helper()
	d, err := Open(filepath.Join(t.TempDir(), "data"), limit)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestContract(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, _ string) storagetest.Driver { return open(t, nil) })
}

func TestLimit(t *testing.T) {
	storagetest.Limited(t, open(t, func(string, string) int { return 3 }))
}

func TestNames(t *testing.T) {
	d := open(t, nil)
	if got, want := d.path("verona.lit", "my_log-2", "romeo@é", tableExt), filepath.Join(d.dir, "verona%2elit/my_log%2d2/romeo%40%c3%a9.dat"); got != want {
		t.Error(got)
	}
	if got, want := d.path("..", "../x", "", listExt), filepath.Join(d.dir, "%2e%2e/%2e%2e%2fx.list"); got != want {
		t.Error(got)
	}
	for _, name := range []string{"romeo@é", "%41", "%", "a%", "plain", "\x00\xff"} {
		if got := decode(encode(name, "")); got != name {
			t.Errorf("%q became %q", name, got)
		}
	}
}

// TestDamage: files that cannot be read are errors that say whose they are, and stay as they are.
func TestDamage(t *testing.T) {
	d := open(t, nil)
	s, l := &table{d, "verona.lit", "s"}, &log{d, "verona.lit", "s"}
	for path, text := range map[string]string{s.path("romeo"): "return { a = os.exit() };", l.path("romeo"): "item({name='a'});\nitem({\n"} {
		if err := replace(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	_, get := s.Get(t.Context(), "romeo")
	_, find := l.Get(t.Context(), "romeo", "1")
	_, remove := l.Delete(t.Context(), "romeo", sdk.ArchiveQuery{Key: "1"})
	_, add := l.Append(t.Context(), "romeo", "id", stanza.Message(""), time.Time{}, "")
	for i, err := range []error{get, find, remove, add, s.SetKey(t.Context(), "romeo", "k", "v")} {
		if err == nil || !strings.Contains(err.Error(), `"s" of user "romeo" on host "verona.lit"`) || !strings.Contains(err.Error(), "damaged, line ") {
			t.Errorf("%d: %v", i, err)
		}
	}
	if text, err := os.ReadFile(s.path("romeo")); string(text) != "return { a = os.exit() };" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}

// TestOldList: entries without keys and times, as Prosody's offline messages once were.
func TestOldList(t *testing.T) {
	d := open(t, nil)
	l := &log{d, "verona.lit", "offline"}
	text := `item({ ["name"] = "message"; ["attr"] = { ["stamp"] = "2010-01-02T03:04:05Z"; ["stamp_legacy"] = "x"; ["urn:a|b"] = "c" }; { "text"; ["name"] = "body"; ["attr"] = {} } });` + "\n"
	if err := replace(l.path("romeo"), []byte(text+text)); err != nil {
		t.Fatal(err)
	}
	e, err := l.Get(t.Context(), "romeo", "2")
	if err != nil || e.When.Format(time.RFC3339) != "2010-01-02T03:04:05Z" || e.Stanza.String() != "<message xmlns:ns1='urn:a' ns1:b='c'><body>text</body></message>" {
		t.Error(e, e.Stanza, err)
	}
}

// TestProsody: what Prosody and we write into one directory, the other reads.
func TestProsody(t *testing.T) {
	dir := t.TempDir()
	reopen := func() *Driver {
		d, err := Open(dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	storagetest.ToProsody(t, reopen())
	storagetest.RunProsody(t, dir, `storage = "internal"`)
	storagetest.ThereAndBack(t, reopen())
	storagetest.FromProsody(t, reopen())
}

// TestTornList: an item that a kill cut off does not make the others unreadable, and does not stay.
func TestTornList(t *testing.T) {
	for _, torn := range []string{"item({", "item({ ['name'] = 'message', ['attr'] = {} });", "it"} {
		d := open(t, nil)
		l := &log{d, "verona.lit", "log"}
		for _, id := range []string{"a", "b"} {
			if _, err := l.Append(t.Context(), "romeo", id, stanza.Message(");\n"), time.Time{}, ""); err != nil {
				t.Fatal(err)
			}
		}
		if err := write(l.path("romeo"), os.O_APPEND, []byte(torn)); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := l.Append(t.Context(), "romeo", "", stanza.Message(""), time.Time{}, ""); err != nil {
				t.Fatal(err)
			}
		}
		found, _, err := l.Find(t.Context(), "romeo", sdk.ArchiveQuery{IDs: []string{"a", "b"}, Total: true})
		if err != nil || len(found) != 2 || found[1].Stanza.ChildText("body", "") != ");\n" {
			t.Errorf("%q: %v, %v", torn, found, err)
		}
		if text, err := os.ReadFile(l.path("romeo")); err != nil || strings.HasSuffix(torn, "{") && strings.Contains(string(text), torn+"item") {
			t.Errorf("%q is still there: %s, %v", torn, text, err)
		}
	}
}
