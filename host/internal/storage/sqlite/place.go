package sqlite

import "sync"

// place is what a write changes or a read looks at: the data of one user in one store.
// everything stands for the whole database.
type place struct{ host, store, user string }

var everything = place{}

// places are the ones with changes that are not committed.
type places struct {
	mu  sync.Mutex // guards the rest
	set map[place]struct{}
	all bool
}

func (p *places) add(pl place) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if pl == everything {
		p.all = true
	}
	if p.set == nil {
		p.set = map[place]struct{}{}
	}
	p.set[pl] = struct{}{}
}

func (p *places) has(pl place) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.all || pl == everything && len(p.set) > 0 {
		return true
	}
	_, ok := p.set[pl]
	return ok
}

// take is all of them, and from then on there are none.
func (p *places) take() map[place]struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	set := p.set
	p.set, p.all = nil, false
	return set
}
