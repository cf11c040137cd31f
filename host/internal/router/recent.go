package router

import (
	"sync/atomic"
	"unsafe"

	"quatrain/host/internal/session"
)

const recentBits = 13

// recent finds listings by where the text of the address is in memory. A room knows whom it has by the "from" that they were stamped with, which is
// the string that they are listed under. So what goes to many is not searched for by its text, each time in parts of memory that no cache has any more.
type recent [1 << recentBits]atomic.Pointer[listing]

func (r *recent) slot(full string) *atomic.Pointer[listing] {
	const spread = 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio
	return &r[uint64(uintptr(unsafe.Pointer(unsafe.StringData(full))))*spread>>(64-recentBits)]
}

// find is the session at an address if that is the string it is listed under, and it was noted; else nil.
func (r *recent) find(full string) *session.Session {
	if l := r.slot(full).Load(); l != nil && same(l.full, full) {
		return l.s.Load()
	}
	return nil
}

func (r *recent) note(l *listing, full string) {
	if same(l.full, full) {
		r.slot(full).Store(l)
	}
}

// same tells whether two strings are one.
func same(a, b string) bool { return len(a) == len(b) && unsafe.StringData(a) == unsafe.StringData(b) }
