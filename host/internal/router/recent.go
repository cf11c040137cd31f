package router

import (
	"sync/atomic"
	"unsafe"

	"quatrain/host/internal/session"
)

// recentBits is the binary logarithm of how many places recent has.
const recentBits = 13

// recent finds listings by where the text of the address is in memory. A room knows whom it has by the "from" that they were stamped with, which is
// the string that they are listed under. So what goes to many is not searched for by its text, each time in parts of memory that no cache has any more.
// A place has room for two, which are looked at with one access to memory.
type recent [1 << recentBits]place

type place [2]atomic.Pointer[listing]

func (r *recent) place(full string) *place {
	const spread = 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio
	return &r[uint64(uintptr(unsafe.Pointer(unsafe.StringData(full))))*spread>>(64-recentBits)]
}

// find is the session at an address if that is the string it is listed under, and it was noted; else nil.
func (r *recent) find(full string) *session.Session {
	p := r.place(full)
	for i := range p {
		if l := p[i].Load(); l != nil && same(l.full, full) {
			return l.s.Load()
		}
	}
	return nil
}

// note remembers a listing that was found otherwise. In a full place it goes before the one that came first.
func (r *recent) note(l *listing, full string) {
	if !same(l.full, full) {
		return
	}
	p := r.place(full)
	if first := p[0].Load(); first != nil && first.s.Load() != nil {
		p[1].Store(first)
	}
	p[0].Store(l)
}

// same tells whether two strings are one.
func same(a, b string) bool { return len(a) == len(b) && unsafe.StringData(a) == unsafe.StringData(b) }
