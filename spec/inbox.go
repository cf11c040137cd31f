package spec

import (
	"context"
	"slices"
	"sync"

	"quatrain/xmpp/stanza"
)

// inbox holds what a client has received and the script has not yet looked at. Safe for concurrent use.
type inbox struct {
	mu      sync.Mutex // guards the fields below
	stanzas []*stanza.Element
	ended   error         // why nothing more comes, nil while the stream lasts
	changed chan struct{} // closed and replaced with each change
}

func newInbox() *inbox { return &inbox{changed: make(chan struct{})} }

func (in *inbox) put(st *stanza.Element) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.stanzas = append(in.stanzas, st)
	in.signal()
}

func (in *inbox) end(err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.ended = err
	in.signal()
}

// signal is called under the lock.
func (in *inbox) signal() {
	close(in.changed)
	in.changed = make(chan struct{})
}

// take removes the first stanza that pick accepts, waiting for it. With err set no such stanza is there or will come: the stream has
// ended, or ctx has.
func (in *inbox) take(ctx context.Context, pick func(*stanza.Element) bool) (*stanza.Element, error) {
	for {
		in.mu.Lock()
		i := slices.IndexFunc(in.stanzas, pick)
		if i >= 0 {
			st := in.stanzas[i]
			in.stanzas = slices.Delete(in.stanzas, i, i+1)
			in.mu.Unlock()
			return st, nil
		}
		ended, changed := in.ended, in.changed
		in.mu.Unlock()
		if ended != nil {
			return nil, ended
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// next is the oldest stanza.
func (in *inbox) next(ctx context.Context) (*stanza.Element, error) {
	return in.take(ctx, func(*stanza.Element) bool { return true })
}

// upTo takes everything that came before the stanza that pick accepts, and that one with it.
func (in *inbox) upTo(ctx context.Context, pick func(*stanza.Element) bool) ([]*stanza.Element, error) {
	var before []*stanza.Element
	for {
		st, err := in.next(ctx)
		if err != nil || pick(st) {
			return before, err
		}
		before = append(before, st)
	}
}
