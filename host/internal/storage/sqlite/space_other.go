//go:build !(linux || darwin || freebsd)

package sqlite

func freeSpace(string) (free uint64, ok bool) { return 0, false }
