package sqlite

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

func tempTable(t *testing.T) (*Driver, *table) {
	t.Helper()
	d := open(t, filepath.Join(t.TempDir(), "db"), nil)
	t.Cleanup(func() { d.Close() })
	return d, &table{d, "verona.lit", "s"}
}

// waitForever keeps batches open until somebody waits for them.
func (w *writer) waitForever() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.patience = time.Hour
}

func set(t *testing.T, s *table, user string, v any) {
	t.Helper()
	if err := s.SetKey(t.Context(), user, "k", v); err != nil {
		t.Fatal(err)
	}
}

// breakCommit makes every commit fail.
func (w *writer) breakCommit() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.end = "INSERT INTO nowhere VALUES (1)"
}

// TestCommitFails: all tickets of the batch fail, nobody sees its writes, what was acknowledged before stays, and later writes say why.
func TestCommitFails(t *testing.T) {
	d, s := tempTable(t)
	set(t, s, "romeo", "kept")
	d.writer.breakCommit()
	d.writer.waitForever()
	one, two := sdk.NewChain(t.Context()), sdk.NewChain(t.Context())
	for _, chain := range []*sdk.Chain{one, two} {
		if err := s.SetKey(chain, "romeo", "k", "lost"); err != nil {
			t.Fatal(err)
		}
	}
	for _, chain := range []*sdk.Chain{one, two} {
		if chain.Ticket().Wait() == nil {
			t.Error("a write that failed was acknowledged")
		}
	}
	if err := s.SetKey(one, "juliet", "k", "x"); err == nil || !strings.Contains(err.Error(), "no more writes") {
		t.Errorf("a write after the failure: %v", err)
	}
	if v, err := s.GetKey(t.Context(), "romeo", "k"); v != "kept" || err != nil {
		t.Error(v, err)
	}
}

// TestChainAfterLostWrite: when the failure is one that passes, a chain that lost a write does not go on as if nothing had happened.
func TestChainAfterLostWrite(t *testing.T) {
	d, s := tempTable(t)
	d.writer.waitForever()
	chain := sdk.NewChain(t.Context())
	if err := s.SetKey(chain, "romeo", "k", "lost"); err != nil {
		t.Fatal(err)
	}
	d.writer.mu.Lock()
	if d.writer.open == nil {
		t.Fatal("it was committed although nobody waited")
	}
	d.writer.exec("ROLLBACK")
	d.writer.settle(d.writer.take(), errors.New("full"))
	d.writer.mu.Unlock()
	if err := s.SetKey(chain, "juliet", "k", "x"); err == nil || !strings.Contains(err.Error(), "full") {
		t.Errorf("the chain went on: %v", err)
	}
	set(t, s, "juliet", "y") // others do
}

// TestFullDisk: a write that does not fit fails alone and at once, and when there is room again, writing goes on.
func TestFullDisk(t *testing.T) {
	d, s := tempTable(t)
	set(t, s, "romeo", "kept")
	pages := func(n int) {
		d.writer.mu.Lock()
		defer d.writer.mu.Unlock()
		if _, err := d.writer.conn.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count=%d", n)); err != nil {
			t.Fatal(err)
		}
	}
	pages(40)
	small := sdk.NewChain(t.Context())
	if err := s.SetKey(small, "nurse", "k", "small"); err != nil {
		t.Fatal(err)
	}
	err := s.Set(t.Context(), "romeo", sdk.Data{"k": "big", "pad": strings.Repeat("x", 1<<20)})
	if err == nil || !strings.Contains(err.Error(), "full") {
		t.Errorf("a write that does not fit: %v", err)
	}
	smallErr := small.Ticket().Wait() // either is right, but it has to be true
	if v, err := s.GetKey(t.Context(), "nurse", "k"); err != nil || (v == "small") != (smallErr == nil) {
		t.Errorf("small write: ticket %v, kept %v, %v", smallErr, v, err)
	}
	if v, err := s.Get(t.Context(), "romeo"); err != nil || v.(sdk.Data)["k"] != "kept" {
		t.Error(v, err)
	}
	pages(1 << 20)
	set(t, s, "romeo", strings.Repeat("x", 1<<20))
}

// TestLittleSpace: writes are refused while there is room for the refusal.
func TestLittleSpace(t *testing.T) {
	d, s := tempTable(t)
	set(t, s, "romeo", "kept")
	left := func(bytes uint64) {
		d.writer.mu.Lock()
		defer d.writer.mu.Unlock()
		d.writer.space = func() (uint64, bool) { return bytes, true }
	}
	left(reserve - 1)
	if err := s.SetKey(sdk.NewChain(t.Context()), "romeo", "k", "refused"); !errors.Is(err, errFull) {
		t.Errorf("a write with little space: %v", err)
	}
	if v, err := s.GetKey(t.Context(), "romeo", "k"); v != "kept" || err != nil {
		t.Error(v, err)
	}
	left(reserve)
	set(t, s, "romeo", "taken")
}

// TestDoubtfulCommits: a disk that is full at the commit loses one batch, whose answers do not go out. Those who write after that learn of it
// at once, until it works again.
func TestDoubtfulCommits(t *testing.T) {
	d, s := tempTable(t)
	set(t, s, "romeo", "kept")
	end := func(statement string, pages int) {
		d.writer.mu.Lock()
		defer d.writer.mu.Unlock()
		d.writer.end = statement
		if _, err := d.writer.conn.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count=%d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	end(`INSERT INTO "prosody" VALUES ('', '', '', '', 'string', zeroblob(1000000))`, 40)
	first := sdk.NewChain(t.Context())
	if err := s.SetKey(first, "romeo", "k", "lost"); err != nil {
		t.Fatal(err)
	}
	if err := first.Ticket().Wait(); err == nil {
		t.Fatal("a write that failed was acknowledged")
	}
	second := sdk.NewChain(t.Context())
	if err := s.SetKey(second, "romeo", "k", "refused"); err == nil || !strings.Contains(err.Error(), "full") {
		t.Errorf("a write after that: %v", err)
	}
	end("COMMIT", 1<<20)
	for _, v := range []string{"taken", "and again"} {
		third := sdk.NewChain(t.Context())
		if err := s.SetKey(third, "romeo", "k", v); err != nil {
			t.Fatal(err)
		}
		if err := third.Ticket().Wait(); err != nil {
			t.Fatal(err)
		}
	}
	d.writer.mu.Lock()
	defer d.writer.mu.Unlock()
	if d.writer.doubtful {
		t.Error("still in doubt")
	}
}

// TestGroupCommit: writers that wait share commits.
func TestGroupCommit(t *testing.T) {
	d, s := tempTable(t)
	d.writer.waitForever()
	batches := map[*batch]int{}
	var mu sync.Mutex
	var all sync.WaitGroup
	d.writer.mu.Lock() // the line forms before the door opens
	for n := range 32 {
		all.Go(func() {
			chain := sdk.NewChain(t.Context())
			if err := s.SetKey(chain, fmt.Sprint("user", n), "k", n); err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			batches[chain.Ticket().(*batch)]++
		})
	}
	for d.writer.waiting.Load() < 32 {
		runtime.Gosched() // there is nothing to wait on: the writers stand in front of a mutex
	}
	d.writer.mu.Unlock()
	all.Wait()
	if len(batches) != 1 {
		t.Errorf("32 writes took %d commits", len(batches))
	}
}

// TestTicketsOfTwoDatabases: a chain's ticket covers its writes in all of them.
func TestTicketsOfTwoDatabases(t *testing.T) {
	d, s := tempTable(t)
	_, other := tempTable(t)
	d.writer.waitForever()
	chain := sdk.NewChain(t.Context())
	for _, tab := range []*table{s, other, s} {
		if err := tab.SetKey(chain, "romeo", "k", "v"); err != nil {
			t.Fatal(err)
		}
	}
	d.writer.breakCommit()
	if err := chain.Ticket().Wait(); err == nil {
		t.Error("the loss in one of two databases went unnoticed")
	}
}

// TestDamage: rows that cannot be read are errors that say where they are, and reading leaves them as they were.
func TestDamage(t *testing.T) {
	d, s := tempTable(t)
	damage(t, d, insertRow, "verona.lit", "romeo", "s", "k", "json", `{"broken`)
	damage(t, d, insertRow, "verona.lit", "romeo", "s", "", "json", `{"__hash":[1]}`)
	damage(t, d, insertEntry, "verona.lit", "romeo", "s", 1, "", "id", "xml", "<message>")
	log := &archiveStore{d, "verona.lit", "s"}
	_, whole := s.Get(t.Context(), "romeo")
	_, key := s.GetKey(t.Context(), "romeo", "k")
	_, all := s.GetKeyFromAll(t.Context(), "k")
	_, _, find := log.Find(t.Context(), "romeo", sdk.ArchiveQuery{})
	_, entry := log.Get(t.Context(), "romeo", "id")
	rest := s.SetKey(t.Context(), "romeo", "", "x")
	for i, err := range []error{whole, key, all, find, entry, rest} {
		text := fmt.Sprint(err)
		for _, part := range []string{`"s"`, `user "romeo"`, `host "verona.lit"`, [...]string{`key "`, `key "k"`, `key "k"`, `"id"`, `"id"`, `key ""`}[i]} {
			if !strings.Contains(text, part) {
				t.Errorf("%d: %s: does not name %s", i, text, part)
			}
		}
	}
	if err := s.SetKey(t.Context(), "romeo", "other", 1); err != nil {
		t.Error(err)
	}
	if _, err := log.Append(t.Context(), "romeo", "", stanza.Message("x"), time.Time{}, ""); err != nil {
		t.Error(err)
	}
	n := 0
	err := d.read(t.Context(), everything, func(query queryer) error {
		return query(`SELECT (SELECT count(*) FROM "prosody" WHERE "value" LIKE '{%') + (SELECT count(*) FROM "prosodyarchive" WHERE "value"='<message>')`,
			nil, func(scan func(...any) error) error { return scan(&n) })
	})
	if n != 3 || err != nil {
		t.Errorf("%d of 3 damaged rows are left, %v", n, err)
	}
}

func damage(t *testing.T, d *Driver, statement string, args ...any) {
	t.Helper()
	err := d.writer.write(t.Context(), everything, func(tx *tx) error {
		_, err := tx.exec(statement, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
