package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"

	"quatrain/host/internal/config"
)

// writePID tells others which process the server is, if the configuration wants that. Whoever calls it holds the lock of the data directory, so a
// file that is there is left over.
func (srv *Server) writePID() error {
	file := srv.cfg.Load().Reader(config.Global).Path("pidfile")
	if file == "" {
		return nil
	}
	if err := os.WriteFile(file, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o644); err != nil {
		return fmt.Errorf("writing the pidfile: %w", err)
	}
	srv.pidfile = file
	return nil
}

func (srv *Server) removePID() error {
	if srv.pidfile == "" {
		return nil
	}
	if err := os.Remove(srv.pidfile); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing the pidfile: %w", err)
	}
	return nil
}
