//go:build !linux

package sqlite

import "os"

// datasync writes what a file holds to the disk.
func datasync(f *os.File) error { return f.Sync() }
