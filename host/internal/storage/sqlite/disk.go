package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
)

// disk makes commits durable. A commit in WAL mode is written to the log beside the database, and with synchronous=NORMAL SQLite leaves it
// to the system when it gets to the disk (https://www.sqlite.org/pragma.html#pragma_synchronous). Synchronising the log is done here,
// so that the writer's connection is free meanwhile, and so is moving the log's pages into the database, which SQLite would do within a
// commit.
type disk struct {
	path string
	log  *slog.Logger
	file *os.File     // the log; nil if commits synchronise themselves
	sync func() error // returns when all commits before it are durable

	writes int           // since the last checkpoint; guarded by the writer's mu
	kick   chan struct{} // asks for a checkpoint
	quit   chan struct{}
	ended  chan struct{}
}

// checkpointEvery is after how many writes the log's pages are moved: about as often as SQLite does by itself, each 1000 pages.
const checkpointEvery = 256

// logPages is how long the log may become before the writer does it, since with writes that never stop, nobody else comes to the log's end.
const logPages = 10000

// openDisk sets the connection up. What cannot be logged beside the database (the file system has no shared memory) is synchronised with each commit.
func openDisk(ctx context.Context, conn *sql.Conn, path string, log *slog.Logger) (*disk, error) {
	d := &disk{path: path, log: log, sync: func() error { return nil }, kick: make(chan struct{}, 1), quit: make(chan struct{}), ended: make(chan struct{})}
	var mode string
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return nil, err
	}
	setting := "PRAGMA synchronous=FULL"
	if mode == "wal" {
		if err := d.openLog(); err != nil {
			return nil, err
		}
		setting = fmt.Sprintf("PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=%d", logPages)
	}
	if _, err := conn.ExecContext(ctx, setting); err != nil {
		return nil, errors.Join(err, d.closeLog())
	}
	go d.checkpointLoop()
	return d, nil
}

func (d *disk) openLog() error {
	whole, err := filepath.EvalSymlinks(d.path) // SQLite puts the log beside the file, not beside the link
	if err != nil {
		return err
	}
	if d.file, err = os.OpenFile(whole+"-wal", os.O_RDWR, 0); err != nil {
		return fmt.Errorf("opening the database's log: %w", err)
	}
	d.sync = func() error { return datasync(d.file) }
	return nil
}

func (d *disk) closeLog() error {
	if d.file == nil {
		return nil
	}
	return d.file.Close()
}

// wrote notes writes that are durable.
func (d *disk) wrote(n int) {
	if d.writes += n; d.writes < checkpointEvery || d.file == nil {
		return
	}
	d.writes = 0
	signal(d.kick)
}

func (d *disk) checkpointLoop() {
	defer close(d.ended)
	for {
		select {
		case <-d.quit:
			return
		case <-d.kick:
			if err := d.checkpoint(); err != nil {
				d.log.Warn("moving the log's pages into the database failed, it is tried again", "path", d.path, "err", err)
			}
		}
	}
}

// checkpoint moves what can be moved without holding up anybody, on a connection that is there only for it.
func (d *disk) checkpoint() error {
	db, err := sql.Open("sqlite", dsn(d.path, "synchronous(NORMAL)"))
	if err != nil {
		return err
	}
	_, err = db.Exec("PRAGMA wal_checkpoint(PASSIVE)")
	return errors.Join(err, db.Close())
}

func (d *disk) close() error {
	close(d.quit)
	<-d.ended
	return d.closeLog()
}
