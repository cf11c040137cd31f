package router

import (
	"slices"
	"sync"
	"time"
	"unsafe"

	"quatrain/host/internal/session"
)

// audiences remember where in the table the lists of recipients are that are used again and again: everybody in a room. Finding a session by its address
// touches memory in four places that nothing else has needed since the last message. Safe for concurrent use.
type audiences struct {
	mu          sync.Mutex // guards the rest; nothing is called under it
	now, before map[listKey]*audience
	places      int // in now
	timer       *time.Timer
	timed       bool // whether it runs
}

// listKey is what a list is found by: where the texts of its first and last JID stand, and how many there are. It may be another list.
type listKey struct {
	first, last uintptr
	n           int
}

// audience is a list and its sessions. It is never changed.
type audience struct {
	to     []string   // nil of one that has been used but once
	places []*listing // nil where there was no session
}

const (
	// remembering is how long a list is remembered that is not used, and at most twice as long.
	remembering = 10 * time.Second
	// maxLists and maxPlaces are how many lists are remembered, and how many recipients in all of them.
	maxLists  = 1 << 14
	maxPlaces = 1 << 18
)

func keyOf(to []string) listKey {
	at := func(s string) uintptr { return uintptr(unsafe.Pointer(unsafe.StringData(s))) }
	return listKey{at(to[0]), at(to[len(to)-1]), len(to)}
}

// of is the audience of a list, nil if that has not been used lately. The list may be changed afterwards.
func (all *audiences) of(to []string, t *table) *audience {
	if len(to) == 0 {
		return nil
	}
	key := keyOf(to)
	a, again := all.recall(key)
	switch {
	case !again:
		return nil
	case slices.Equal(a.to, to): // hardly looks at the texts, which are the same
		return a
	}
	a = &audience{to: slices.Clone(to), places: make([]*listing, len(to))}
	for i, address := range to {
		a.places[i] = t.look(address)
	}
	all.remember(key, a)
	return a
}

// recall tells whether a list has been used lately, and its audience if that is known. It is used now.
func (all *audiences) recall(key listKey) (a *audience, again bool) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if a = all.now[key]; a != nil {
		return a, true
	}
	if len(all.now) >= maxLists {
		return nil, false
	}
	if a = all.before[key]; a == nil || all.places+len(a.places) > maxPlaces {
		a = &audience{}
	}
	again = all.before[key] != nil
	if all.now == nil {
		all.now = map[listKey]*audience{}
	}
	all.now[key] = a
	all.places += len(a.places)
	all.watch()
	return a, again
}

func (all *audiences) remember(key listKey, a *audience) {
	all.mu.Lock()
	defer all.mu.Unlock()
	old := all.now[key]
	if old == nil || all.places-len(old.places)+len(a.places) > maxPlaces {
		return
	}
	all.places += len(a.places) - len(old.places)
	all.now[key] = a
}

// forget is for an audience in which a session has ended.
func (all *audiences) forget(a *audience) {
	all.mu.Lock()
	defer all.mu.Unlock()
	key := keyOf(a.to)
	if all.now[key] == a {
		all.now[key] = &audience{}
		all.places -= len(a.places)
	}
}

// watch starts the timer. Called with mu held.
func (all *audiences) watch() {
	switch {
	case all.timed:
		return
	case all.timer == nil:
		all.timer = time.AfterFunc(remembering, all.age)
	default:
		all.timer.Reset(remembering)
	}
	all.timed = true
}

// age forgets what has not been used for a while.
func (all *audiences) age() {
	all.mu.Lock()
	defer all.mu.Unlock()
	all.before, all.now, all.places, all.timed = all.now, nil, 0, false
	if len(all.before) > 0 {
		all.watch()
	}
}

// session is the one with the ith address if it is the one from before; ended is whether that is gone. a may be nil.
func (a *audience) session(i int) (s *session.Session, ended bool) {
	if a == nil || a.places[i] == nil {
		return nil, false
	}
	s = a.places[i].s.Load()
	return s, s == nil
}
