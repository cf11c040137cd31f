package session

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// filters are what modules put into a session's stream, by kind: "stanzas/in", "stanzas/out", "bytes/in", "bytes/out".
type filters struct {
	count    atomic.Int32 // all filters and the override: 0 is the quick way
	out      atomic.Int32 // those of them for what is sent
	override atomic.Pointer[func(ctx context.Context, st *stanza.Element) bool]
	closing  atomic.Pointer[func(ctx context.Context, reason *stanza.StreamError)] // instead of Close; not counted

	mu    sync.RWMutex // guards lists, which are replaced, never changed
	lists map[string][]*entry
}

type entry struct {
	priority float64
	f        sdk.Filter
}

func (f *filters) any() bool { return f.count.Load() > 0 }

// AddFilter adds to a list, higher priorities first, equal ones in order of adding.
func (s *Session) AddFilter(kind string, priority float64, f sdk.Filter) (remove func()) {
	e := &entry{priority, f}
	fs := &s.filters
	fs.mu.Lock()
	defer fs.mu.Unlock()
	list := slices.Clone(fs.lists[kind])
	at := slices.IndexFunc(list, func(o *entry) bool { return o.priority < priority })
	if at < 0 {
		at = len(list)
	}
	if fs.lists == nil {
		fs.lists = map[string][]*entry{}
	}
	fs.lists[kind] = slices.Insert(list, at, e)
	fs.added(kind, 1)
	return func() {
		fs.mu.Lock()
		defer fs.mu.Unlock()
		at := slices.Index(fs.lists[kind], e)
		if at >= 0 {
			fs.lists[kind] = slices.Delete(slices.Clone(fs.lists[kind]), at, at+1)
			fs.added(kind, -1)
		}
	}
}

func (f *filters) added(kind string, n int32) {
	f.count.Add(n)
	if strings.HasSuffix(kind, "/out") {
		f.out.Add(n)
	}
}

// OverrideSend lets f send stanzas instead of the session; nil undoes it.
func (s *Session) OverrideSend(f func(ctx context.Context, st *stanza.Element) bool) {
	had := s.filters.override.Load() != nil
	if f == nil {
		s.filters.override.Store(nil)
	} else {
		s.filters.override.Store(&f)
	}
	switch {
	case had && f == nil:
		s.filters.added("stanzas/out", -1)
	case !had && f != nil:
		s.filters.added("stanzas/out", 1)
	}
}

// OverrideClose lets f end the session instead of Close, nil undoes it. A session that has ended does not call it.
func (s *Session) OverrideClose(f func(ctx context.Context, reason *stanza.StreamError)) {
	if f == nil {
		s.filters.closing.Store(nil)
		return
	}
	s.filters.closing.Store(&f)
}

// Filter sends data through a list; nil means that it was dropped.
func (s *Session) Filter(ctx context.Context, kind string, data any) any {
	if !s.filters.any() {
		return data
	}
	s.filters.mu.RLock()
	list := s.filters.lists[kind]
	s.filters.mu.RUnlock()
	for _, e := range list {
		if data = e.f(ctx, data); data == nil {
			return nil
		}
	}
	return data
}
