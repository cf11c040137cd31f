package sqlite

import (
	"os"

	"golang.org/x/sys/unix"
)

// datasync writes what a file holds to the disk, and of its attributes what is needed to read that.
func datasync(f *os.File) error { return unix.Fdatasync(int(f.Fd())) }
