package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"quatrain/sdk"
)

const (
	// maxBatch is how many writes one commit carries at most.
	maxBatch = 256
	// patience is how long a transaction stays open when nobody waits for it.
	patience = 5 * time.Millisecond
	// longest is how long it stays open for others when somebody waits for it.
	longest = 2 * time.Millisecond
)

// rolledBack is what SQLite says when it has rolled back by itself, as it does when the disk is full.
const rolledBack = "no transaction is active"

// reserve is how many bytes of the disk stay free, more than a batch usually needs: writes are refused while whoever asked for them can be told.
// A commit that fails comes too late for that.
const reserve = 16 << 20

var errFull = errors.New("the disk is full: less than 16 MiB are left")

var errClosed = errors.New("the database is closed")

// writer is the one connection that changes the database. The first write opens a transaction, further ones join it; a goroutine
// commits it when somebody waits for its batch, when it is full, or when it has been open for a while, and makes it durable. While the disk
// works, further writes gather in the next transaction, which therefore carries them all: nobody who writes waits for the disk before
// that one is full. Those who write one after the other, since they hold a lock while they do, are waited for: see gather.
type writer struct {
	db       *sql.DB
	conn     *sql.Conn
	log      *slog.Logger
	end      string                         // what commits
	space    func() (bytes uint64, ok bool) // free on the disk
	patience time.Duration                  // before a batch that nobody waits for is committed
	longest  time.Duration                  // that a batch which somebody waits for is left open for others
	disk     *disk

	waiting atomic.Int32 // writers in front of mu
	kick    chan struct{}
	full    chan struct{} // a batch is full
	quit    chan struct{} // closed to end the goroutine
	ended   chan struct{}
	dirty   places

	mu       sync.Mutex // guards conn and the rest
	ready    *sync.Cond // of mu: the open batch has been committed
	prepared map[string]*sql.Stmt
	kept     records
	due      dueRows
	gaps     map[place]bool // where a write that has returned was lost, and not all has been written since
	version  int64          // of the database, which others change by writing
	open     *batch         // nil while no transaction is open
	took     time.Duration  // how long it took to make the last batch durable, if others have written meanwhile or with it; else 0
	doubtful bool           // the last commit failed in a way that passes
	failed   error          // why there will be no more writes; nil if there will
	closed   bool
}

func openWriter(ctx context.Context, path, dsn string, log *slog.Logger) (*writer, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	w := &writer{db: db, log: log, end: "COMMIT", patience: patience, longest: longest, prepared: map[string]*sql.Stmt{},
		space: func() (uint64, bool) { return freeSpace(path) },
		kick:  make(chan struct{}, 1), full: make(chan struct{}, 1), quit: make(chan struct{}), ended: make(chan struct{})}
	w.ready = sync.NewCond(&w.mu)
	if err := w.prepare(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if w.disk, err = openDisk(ctx, w.conn, path, log); err != nil {
		return nil, errors.Join(err, w.conn.Close(), db.Close())
	}
	go w.commitLoop()
	return w, nil
}

func (w *writer) prepare(ctx context.Context) error {
	var err error
	if w.conn, err = w.db.Conn(ctx); err != nil {
		return err
	}
	for _, statement := range schema {
		if _, err := w.conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// write runs f in the open transaction; all of f or, when it fails, nothing of it. The places are what f changes. On a chain it leaves a ticket and
// returns, otherwise it waits for the commit. After a commit that failed (a full disk) it waits on a chain as well, until one succeeds: whoever
// writes then is told, and does not go on with what is not there. ctx does not interrupt f, since that would take other writes of the transaction along.
func (w *writer) write(ctx context.Context, p place, f func(*tx) error) error {
	return w.within(ctx, p, func() error {
		w.kept.drop(p)
		return w.run(f)
	})
}

// change is write for something that is known before the first statement of it runs: plan may read, and must not write.
func (w *writer) change(ctx context.Context, p place, plan func(*tx) (*change, error)) error {
	return w.within(ctx, p, func() error {
		c, err := plan(&tx{w})
		if err == nil {
			err = w.runAll(c.statements)
		}
		if err != nil {
			w.kept.drop(p)
			return err
		}
		c.done(w)
		return nil
	})
}

// within runs f as part of the open transaction; see write.
func (w *writer) within(ctx context.Context, p place, f func() error) error {
	chain := sdk.ChainOf(ctx)
	b, doubtful, err := w.join(chain, p, f)
	if err != nil {
		return err
	}
	if chain == nil {
		return b.Wait()
	}
	if doubtful {
		if err := b.Wait(); err != nil {
			return err
		}
	}
	chain.SetTicket(following(chain.Ticket(), b))
	return nil
}

// join also tells whether the commit is doubtful.
func (w *writer) join(chain *sdk.Chain, p place, f func() error) (*batch, bool, error) {
	w.waiting.Add(1)
	w.mu.Lock()
	w.waiting.Add(-1)
	defer w.leave()
	for w.open != nil && w.open.writes >= maxBatch { // the disk is too slow for so many
		w.ready.Wait()
	}
	if err := w.usable(chain); err != nil {
		return nil, false, err
	}
	b, err := w.begin()
	if err != nil {
		return nil, false, err
	}
	w.dirty.add(p)
	b.writes++
	return b, w.doubtful, f()
}

// leave gives the connection to the next writer; the last one in line sees to the commit that others wait for.
func (w *writer) leave() {
	b := w.open
	if b != nil && b.writes >= maxBatch {
		signal(w.full)
	}
	if b != nil && (b.wanted.Load() && w.waiting.Load() == 0 || b.writes >= maxBatch) {
		w.wake()
	}
	w.mu.Unlock()
}

// usable refuses writes after a failure of the disk, and those of a chain that has lost an earlier one: what it does now stands on that.
func (w *writer) usable(chain *sdk.Chain) error {
	switch {
	case w.closed:
		return errClosed
	case w.failed != nil:
		return w.failed
	case chain == nil:
		return nil
	}
	return w.lost(chain.Ticket())
}

// lost is why an earlier write of a ticket is not in the database, as far as that is known.
func (w *writer) lost(t sdk.Ticket) error {
	switch t := t.(type) {
	case *batch:
		if t.w == w {
			return t.err
		}
	case both:
		return errors.Join(w.lost(t.first), w.lost(t.second))
	}
	return nil
}

func (w *writer) begin() (*batch, error) {
	if w.open != nil {
		return w.open, nil
	}
	if free, ok := w.space(); ok && free < reserve {
		return nil, errFull
	}
	if _, err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return nil, fmt.Errorf("beginning to write: %w", err)
	}
	if err := w.noticeOthers(); err != nil {
		_, back := w.exec("ROLLBACK")
		return nil, errors.Join(err, back)
	}
	w.open = &batch{w: w, done: make(chan struct{}), begun: time.Now()}
	w.open.timer = time.AfterFunc(w.patience, w.wake)
	return w.open, nil
}

// noticeOthers forgets what is kept if another connection has written since the last transaction. Until this one ends none can.
func (w *writer) noticeOthers() error {
	var version int64
	err := w.query("PRAGMA data_version", nil, func(scan func(...any) error) error { return scan(&version) })
	if err != nil {
		return fmt.Errorf("asking whether others have written: %w", err)
	}
	if version != w.version {
		w.kept.clear()
		w.version = version
	}
	return nil
}

// runAll runs statements; all of them or, when one fails, none. A single one needs no savepoint for that.
func (w *writer) runAll(all []statement) error {
	if len(all) == 0 {
		return nil
	}
	if len(all) > 1 {
		return w.run(func(tx *tx) error {
			for _, s := range all {
				if _, err := tx.exec(s.query, s.args...); err != nil {
					return err
				}
			}
			return nil
		})
	}
	_, err := w.exec(all[0].query, all[0].args...)
	if err != nil && w.open != nil && w.outside() {
		w.settle(w.take(), fmt.Errorf("lost with another write: %w", err))
	}
	return err
}

// outside tells after an error that it has ended the transaction: only then another one can begin.
func (w *writer) outside() bool {
	if _, err := w.exec("BEGIN"); err != nil {
		return false
	}
	_, _ = w.exec("ROLLBACK")
	return true
}

// run runs f in a savepoint. Some errors (a full disk) end the whole transaction, and then its other writes are lost, too.
func (w *writer) run(f func(*tx) error) error {
	if _, err := w.exec("SAVEPOINT w"); err != nil {
		return err
	}
	err := f(&tx{w})
	if err != nil {
		if _, back := w.exec("ROLLBACK TO w"); back != nil {
			w.settle(w.take(), fmt.Errorf("lost with another write: %w", err))
			return err
		}
	}
	if _, end := w.exec("RELEASE w"); end != nil && err == nil {
		return end
	}
	return err
}

// wake lets the goroutine commit soon. It never blocks.
func (w *writer) wake() { signal(w.kick) }

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// gather lets others join the open batch: first whoever can run, so that those go on whose stanzas were there before the commit was asked for. Where several write
// at the same time, so that the last batch had company, it stays open for as long as others keep coming: as long as the next one comes within the time that
// it took to make the last one durable, and for w.longest at most. Who writes alone does not wait.
func (w *writer) gather() {
	for writes := 0; ; {
		wait, grown := w.worthWaiting(&writes)
		if !grown {
			return
		}
		for grown {
			runtime.Gosched()
			runtime.Gosched() // now and then the scheduler takes first who has just yielded
			wait, grown = w.worthWaiting(&writes)
		}
		if wait <= 0 || !w.pause(wait) {
			return
		}
	}
}

// worthWaiting is how long others may take to come, 0 if the batch had better be committed, and whether it has grown beyond the writes that were counted.
func (w *writer) worthWaiting(counted *int) (wait time.Duration, grown bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	b := w.open
	if b == nil || b.writes >= maxBatch {
		return 0, false
	}
	left := w.longest - time.Since(b.begun)
	grown = b.writes > *counted
	*counted = b.writes
	return min(w.took, left), grown && left > 0
}

// pause waits, and is false if there is no more to wait for.
func (w *writer) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-w.full:
	case <-w.quit:
	}
	return false
}

func (w *writer) commitLoop() {
	defer close(w.ended)
	for {
		select {
		case <-w.quit:
			return
		case <-w.kick:
			w.gather()
			w.flush()
		}
	}
}

// flush commits the open batch and makes it durable. Only the loop calls it, and after its end close.
func (w *writer) flush() {
	begun := time.Now()
	w.mu.Lock()
	b := w.commit()
	w.took = 0
	w.mu.Unlock()
	if b == nil {
		return
	}
	err := w.disk.sync()
	w.mu.Lock()
	defer w.mu.Unlock()
	if b.writes > 1 || w.open != nil || w.waiting.Load() > 0 {
		w.took = time.Since(begun)
	}
	if err != nil { // the kernel may have dropped what it could not write, and will not say so again
		err = fmt.Errorf("synchronising: %w", err)
		w.failed = noMore(err)
	}
	w.settle(b, err)
}

// commit ends the transaction and returns its batch, which others see from then on and which is not durable yet; nil if there is none or it is lost.
func (w *writer) commit() *batch {
	if w.open == nil {
		return nil
	}
	err := w.failed // to make the batch before durable
	if err == nil {
		if w.upToDate() != nil {
			return nil
		}
		_, err = w.execNow(w.end)
		if err == nil {
			return w.take()
		}
		err = fmt.Errorf("committing: %w", err)
	}
	if _, back := w.execNow("ROLLBACK"); back != nil && !strings.Contains(back.Error(), rolledBack) || broken(err) {
		w.failed = noMore(err)
	}
	w.settle(w.take(), err)
	return nil
}

func noMore(err error) error {
	return fmt.Errorf("the database takes no more writes until the server is restarted: %w", err)
}

// take is the batch of a transaction that has ended.
func (w *writer) take() *batch {
	b := w.open
	w.open = nil
	w.due.clear()
	b.timer.Stop()
	b.places = w.dirty.take()
	select {
	case <-w.full: // it was about this one
	default:
	}
	w.ready.Broadcast()
	return b
}

// settle tells everybody what became of a batch.
func (w *writer) settle(b *batch, err error) {
	b.err = err
	w.doubtful = err != nil
	if err != nil {
		w.kept.clear()
		if w.gaps == nil {
			w.gaps = map[place]bool{}
		}
		for p := range b.places {
			w.gaps[p] = true
		}
		w.log.Error("writes are lost", "writes", b.writes, "err", err)
	} else {
		w.disk.wrote(b.writes)
	}
	close(b.done)
}

// close commits and ends everything. Further writes fail.
func (w *writer) close() error {
	w.mu.Lock()
	closed := w.closed
	w.closed = true
	w.mu.Unlock()
	if closed {
		return nil
	}
	close(w.quit)
	<-w.ended
	w.flush()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, st := range w.prepared {
		st.Close()
	}
	return errors.Join(w.failed, w.disk.close(), w.conn.Close(), w.db.Close())
}
