//go:build linux || darwin || freebsd

package sqlite

import "syscall"

// freeSpace is how many bytes can still be written where the file is; ok is false if nobody knows.
func freeSpace(path string) (free uint64, ok bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		return 0, false
	}
	return uint64(max(0, int64(s.Bavail))) * uint64(s.Bsize), true
}
