package router

import (
	"hash/maphash"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"quatrain/host/internal/session"
)

const shards = 64

// table finds sessions by full JID and users by bare JID. A look-up takes one read lock of one shard.
type table struct {
	seed maphash.Seed
	once sync.Once
	full [shards]fullShard
	bare [shards]bareShard
}

type fullShard struct {
	mu       sync.RWMutex // guards sessions
	sessions map[string]*listing
}

// listing is a session in the table.
type listing struct {
	s atomic.Pointer[session.Session] // nil when it is no longer there
}

type bareShard struct {
	mu    sync.RWMutex // guards users
	users map[string]*user
}

// user is a bare JID with at least one bound session. The list is replaced, never changed.
type user struct {
	sessions atomic.Pointer[[]*session.Session]
}

func (t *table) shard(key string) int {
	t.once.Do(func() { t.seed = maphash.MakeSeed() })
	return int(maphash.String(t.seed, key) % shards)
}

func (t *table) session(full string) *session.Session {
	if l := t.look(full); l != nil {
		return l.s.Load()
	}
	return nil
}

func (t *table) look(full string) *listing {
	sh := &t.full[t.shard(full)]
	sh.mu.RLock()
	defer sh.mu.RUnlock()
	return sh.sessions[full]
}

// put lists a session; it is false if the full JID is taken.
func (t *table) put(full, bare string, s *session.Session) bool {
	sh := &t.full[t.shard(full)]
	sh.mu.Lock()
	taken := sh.sessions[full] != nil
	if !taken {
		if sh.sessions == nil {
			sh.sessions = map[string]*listing{}
		}
		l := &listing{}
		l.s.Store(s)
		sh.sessions[full] = l
	}
	sh.mu.Unlock()
	if taken {
		return false
	}
	bs := &t.bare[t.shard(bare)]
	bs.mu.Lock()
	defer bs.mu.Unlock()
	if bs.users == nil {
		bs.users = map[string]*user{}
	}
	u := bs.users[bare]
	if u == nil {
		u = &user{}
		u.sessions.Store(new([]*session.Session))
		bs.users[bare] = u
	}
	list := append(slices.Clone(*u.sessions.Load()), s)
	u.sessions.Store(&list)
	return true
}

// remove takes a session out; it is false if another one is there by now.
func (t *table) remove(full, bare string, s *session.Session) bool {
	sh := &t.full[t.shard(full)]
	sh.mu.Lock()
	l := sh.sessions[full]
	mine := l != nil && l.s.Load() == s
	if mine {
		l.s.Store(nil)
		delete(sh.sessions, full)
	}
	sh.mu.Unlock()
	if !mine {
		return false
	}
	bs := &t.bare[t.shard(bare)]
	bs.mu.Lock()
	defer bs.mu.Unlock()
	u := bs.users[bare]
	list := slices.DeleteFunc(slices.Clone(*u.sessions.Load()), func(o *session.Session) bool { return o == s })
	if len(list) == 0 {
		delete(bs.users, bare)
		return true
	}
	u.sessions.Store(&list)
	return true
}

// of are a user's sessions, which must not be changed.
func (t *table) of(bare string) []*session.Session {
	bs := &t.bare[t.shard(bare)]
	bs.mu.RLock()
	defer bs.mu.RUnlock()
	if u := bs.users[bare]; u != nil {
		return *u.sessions.Load()
	}
	return nil
}

// all iterates over a copy of each shard in turn.
func (t *table) all() iter.Seq[*session.Session] {
	return func(yield func(*session.Session) bool) {
		for i := range t.full {
			sh := &t.full[i]
			sh.mu.RLock()
			list := make([]*session.Session, 0, len(sh.sessions))
			for _, l := range sh.sessions {
				list = append(list, l.s.Load())
			}
			sh.mu.RUnlock()
			for _, s := range list {
				if !yield(s) {
					return
				}
			}
		}
	}
}
