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
	count atomic.Int32 // all of them: 0 is the quick way
	out   atomic.Int32 // those of them for what is sent

	mu     sync.RWMutex // guards what follows; lists are replaced, never changed
	lists  map[string][]*entry
	within within // nil unless filters need it
}

type within = func(ctx context.Context, f func(ctx context.Context))

type entry struct {
	priority float64
	f        sdk.Filter
}

func (f *filters) any() bool { return f.count.Load() > 0 }

// AddFilter adds to a list of the session's link, higher priorities first, equal ones in order of adding.
func (s *Session) AddFilter(kind string, priority float64, f sdk.Filter) (remove func()) {
	return s.link.Load().filters.add(kind, &entry{priority, f})
}

// FilterWithin has w run the link's filters for what is sent, up to the queue. w takes what filters run in, such as the interpreter, and
// calls f with the chain that holds it: what one sender's stanza has passed before another's
// also leaves before it. A module that counts what it has seen (XEP-0198) depends on that.
func (s *Session) FilterWithin(w func(ctx context.Context, f func(ctx context.Context))) {
	fs := &s.link.Load().filters
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.within = w
}

func (fs *filters) add(kind string, e *entry) (remove func()) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	list := slices.Clone(fs.lists[kind])
	at := slices.IndexFunc(list, func(o *entry) bool { return o.priority < e.priority })
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
	if f == nil {
		s.sends.Store(nil)
		return
	}
	s.sends.Store(&f)
}

// Filter sends data through a list; nil means that it was dropped.
func (s *Session) Filter(ctx context.Context, kind string, data any) any {
	return s.link.Load().Filter(ctx, kind, data)
}

// Filter sends data through a list; nil means that it was dropped.
func (l *Link) Filter(ctx context.Context, kind string, data any) any {
	if !l.filters.any() {
		return data
	}
	return l.filters.pass(ctx, kind, data)
}

// ordered runs f within what FilterWithin has set.
func (fs *filters) ordered(ctx context.Context, f func(ctx context.Context)) {
	fs.mu.RLock()
	within := fs.within
	fs.mu.RUnlock()
	if within == nil {
		f(ctx)
		return
	}
	within(ctx, f)
}

func (fs *filters) pass(ctx context.Context, kind string, data any) any {
	fs.mu.RLock()
	list := fs.lists[kind]
	fs.mu.RUnlock()
	for _, e := range list {
		if data = e.f(ctx, data); data == nil {
			return nil
		}
	}
	return data
}
