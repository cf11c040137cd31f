package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"quatrain/sdk"
)

// slowly makes the disk wait, each time it is to synchronise, for what is sent to the second channel, after a note on the first.
func (w *writer) slowly() (begun chan struct{}, end chan error) {
	begun, end = make(chan struct{}), make(chan error)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.disk.sync = func() error {
		begun <- struct{}{}
		return <-end
	}
	return begun, end
}

// TestSlowDisk: while the disk works, others read what was written and write themselves without waiting, and nothing is acknowledged before it is durable.
func TestSlowDisk(t *testing.T) {
	d, s := tempTable(t)
	begun, end := d.writer.slowly()
	one, two := sdk.NewChain(t.Context()), sdk.NewChain(t.Context())
	set := func(chain *sdk.Chain, user string) {
		t.Helper()
		if err := s.SetKey(chain, user, "k", "v"); err != nil {
			t.Fatal(err)
		}
	}
	set(one, "romeo")
	acknowledged := make(chan error)
	go func() { acknowledged <- one.Ticket().Wait() }()
	<-begun
	set(two, "juliet")
	set(two, "nurse")
	for _, user := range []string{"romeo", "juliet"} {
		if v, err := s.GetKey(t.Context(), user, "k"); v != "v" || err != nil {
			t.Error(user, v, err)
		}
	}
	select {
	case err := <-acknowledged:
		t.Fatal("acknowledged before it was durable", err)
	default:
	}
	go func() { acknowledged <- two.Ticket().Wait() }()
	end <- nil
	if err := <-acknowledged; err != nil {
		t.Fatal(err)
	}
	<-begun
	end <- nil
	if err := <-acknowledged; err != nil {
		t.Fatal(err)
	}
}

// TestDiskTooSlow: who writes more than a transaction takes while the disk works has to wait.
func TestDiskTooSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, s := tempTable(t)
		begun, end := d.writer.slowly()
		chain := sdk.NewChain(t.Context())
		put := func() {
			if err := s.SetKey(chain, "romeo", "k", "v"); err != nil {
				t.Error(err)
			}
		}
		put()
		go chain.Ticket().Wait()
		<-begun
		for range maxBatch {
			put()
		}
		full := chain.Ticket()
		go put()
		synctest.Wait()
		if chain.Ticket() != full {
			t.Error("the transaction takes any number of writes")
		}
		end <- nil
		for range 2 {
			<-begun
			end <- nil
		}
		synctest.Wait()
		if full := full.(*batch); full.writes != maxBatch || chain.Ticket() == full {
			t.Errorf("%d writes in the transaction", full.writes)
		}
		d.writer.mu.Lock()
		d.writer.disk.sync = func() error { return nil }
		d.writer.mu.Unlock()
	})
}

// TestSynchronisingFails: what was not made durable is not acknowledged, nor what was written meanwhile, and no more is taken.
func TestSynchronisingFails(t *testing.T) {
	d, s := tempTable(t)
	begun, end := d.writer.slowly()
	one, two := sdk.NewChain(t.Context()), sdk.NewChain(t.Context())
	if err := s.SetKey(one, "romeo", "k", "v"); err != nil {
		t.Fatal(err)
	}
	go one.Ticket().Wait()
	<-begun
	if err := s.SetKey(two, "juliet", "k", "v"); err != nil {
		t.Fatal(err)
	}
	end <- errors.New("input/output error")
	for _, chain := range []*sdk.Chain{one, two} {
		if err := chain.Ticket().Wait(); err == nil || !strings.Contains(err.Error(), "input/output error") {
			t.Errorf("acknowledged: %v", err)
		}
	}
	if err := s.SetKey(t.Context(), "nurse", "k", "v"); err == nil || !strings.Contains(err.Error(), "no more writes") {
		t.Errorf("a write after the failure: %v", err)
	}
	if v, err := s.GetKey(t.Context(), "juliet", "k"); v != nil || err != nil {
		t.Errorf("a lost write is read: %v, %v", v, err)
	}
}

// TestCheckpoint: the log's pages are moved into the database, and the log is used again from its beginning.
func TestCheckpoint(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	d := open(t, path, nil)
	defer d.Close()
	s := &table{d, "verona.lit", "s"}
	before := size(t, path)
	set(t, s, "romeo", strings.Repeat("x", 1<<20))
	if err := d.writer.disk.checkpoint(); err != nil || size(t, path) == before {
		t.Fatalf("%d bytes before and after: %v", before, err)
	}
	log := size(t, path+"-wal")
	for range 4 {
		set(t, s, "romeo", strings.Repeat("y", 1<<20))
		if err := d.writer.disk.checkpoint(); err != nil {
			t.Fatal(err)
		}
	}
	if after := size(t, path+"-wal"); after > 2*log {
		t.Errorf("the log has grown from %d to %d bytes", log, after)
	}
}

func size(t *testing.T, file string) int64 {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// TestCheckpointIsDue: after so many writes.
func TestCheckpointIsDue(t *testing.T) {
	d := &disk{file: &os.File{}, kick: make(chan struct{}, 1)}
	for range 3 {
		d.wrote(checkpointEvery - 1)
		if len(d.kick) > 0 {
			t.Fatal("too early")
		}
		d.wrote(1)
		<-d.kick
	}
}

// TestLogBesideTheFile: a database that is a link keeps its log where the file is, and is synchronised there.
func TestLogBesideTheFile(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filepath.Join(dir, "db"), link); err != nil {
		t.Fatal(err)
	}
	d := open(t, link, nil)
	defer d.Close()
	set(t, &table{d, "verona.lit", "s"}, "romeo", "v")
	if got := d.writer.disk.file.Name(); got != filepath.Join(dir, "db-wal") {
		t.Error(got)
	}
}
