package load

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
	_ "modernc.org/sqlite" // the driver "sqlite" of database/sql
)

// floorStore makes writes durable as our storage does, and no more than that: all who ask at the same time share a transaction in which the large row is
// written twice, and one synchronisation of the log.
type floorStore struct {
	asks  chan chan error
	conn  *sql.Conn
	log   *os.File
	bytes int
	count int
}

const floorLayout = `PRAGMA synchronous=NORMAL; CREATE TABLE "kept" ("key" TEXT PRIMARY KEY, "value" TEXT); INSERT INTO "kept" VALUES ('k', '')`

func openFloorStore(dir string, bytes int) (*floorStore, error) {
	path := filepath.Join(dir, "floor.sqlite")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)")
	if err != nil {
		return nil, err
	}
	s := &floorStore{asks: make(chan chan error, 256), bytes: bytes}
	if s.conn, err = db.Conn(context.Background()); err == nil {
		_, err = s.conn.ExecContext(context.Background(), floorLayout)
	}
	if err == nil {
		s.log, err = os.OpenFile(path+"-wal", os.O_RDWR, 0)
	}
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	go s.run()
	return s, nil
}

// write returns when it is durable.
func (s *floorStore) write() error {
	done := make(chan error, 1)
	s.asks <- done
	return <-done
}

func (s *floorStore) run() {
	for first := range s.asks {
		all := s.gather([]chan error{first})
		err := s.commit()
		for _, done := range all {
			done <- err
		}
	}
}

// gather adds all who can ask.
func (s *floorStore) gather(all []chan error) []chan error {
	for idle := 0; idle < 2; {
		select {
		case ask := <-s.asks:
			all, idle = append(all, ask), 0
		default:
			idle++
			runtime.Gosched()
		}
	}
	return all
}

func (s *floorStore) commit() error {
	s.count++
	text := fmt.Sprint(s.count, strings.Repeat("x", s.bytes))
	var errs []error
	for _, statement := range []string{"BEGIN IMMEDIATE", `UPDATE "kept" SET "value"=?1 WHERE "key"='k'`, `UPDATE "kept" SET "value"=?1 WHERE "key"='k'`, "COMMIT"} {
		var args []any
		if strings.Contains(statement, "?") {
			args = []any{text}
		}
		_, err := s.conn.ExecContext(context.Background(), statement, args...)
		errs = append(errs, err)
	}
	return errors.Join(append(errs, unix.Fdatasync(int(s.log.Fd())))...)
}
