package host

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// lockFile marks a data directory as served, as long as a server holds a lock on it.
const lockFile = "lock"

// ErrLocked is why a server is not made.
var ErrLocked = errors.New("another server is running with it")

// lockData makes sure that no two servers serve the same data: each would overwrite what the other keeps in memory, such as rooms.
// Commands that change accounts need no lock.
func (srv *Server) lockData() error {
	f, err := os.OpenFile(filepath.Join(srv.dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("locking the data directory: %w", err)
	}
	if err := tryLock(f); err != nil {
		return errors.Join(fmt.Errorf("locking the data directory %q: %w", srv.dir, err), f.Close())
	}
	srv.lock = f
	return nil
}

func (srv *Server) unlockData() error {
	if srv.lock == nil {
		return nil
	}
	return srv.lock.Close()
}
