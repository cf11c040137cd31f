package watch

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// watching is a watcher whose time is the test's: it is asked to wait by a value in asked, and the wait ends when f is called.
func watching(t *testing.T, changed func()) (w *Watcher, asked chan func()) {
	t.Helper()
	w, err := New(slog.New(slog.NewTextHandler(t.Output(), nil)), changed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	asked = make(chan func(), 100)
	w.after = func(_ time.Duration, f func()) *time.Timer {
		asked <- f
		return time.NewTimer(time.Hour)
	}
	return w, asked
}

func put(t *testing.T, file string) {
	t.Helper()
	if err := os.WriteFile(file, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestChangesAreToldOnce(t *testing.T) {
	told := 0
	w, asked := watching(t, func() { told++ })
	w.Poke()
	w.Poke()
	w.Poke()
	(<-asked)()
	if len(asked) > 0 || told != 1 {
		t.Errorf("told %d times, asked %d times more", told, len(asked))
	}
}

func TestWatch(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	w, asked := watching(t, func() {})
	w.Watch(map[string]bool{a: true, filepath.Join(b, "nowhere"): true})
	put(t, filepath.Join(a, "x"))
	<-asked

	w.mu.Lock()
	w.timer = nil // as when it has fired
	w.mu.Unlock()
	w.Watch(map[string]bool{b: true})
	put(t, filepath.Join(b, "x"))
	<-asked
	if list := w.fs.WatchList(); len(list) != 1 || list[0] != b {
		t.Errorf("watched: %q", list)
	}
}

func TestClose(t *testing.T) {
	w, asked := watching(t, func() { t.Error("told after the end") })
	w.Poke()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	(<-asked)()
	w.Poke()
	w.Watch(map[string]bool{t.TempDir(): true})
	if len(asked) > 0 {
		t.Error("asked to wait after the end")
	}
}
