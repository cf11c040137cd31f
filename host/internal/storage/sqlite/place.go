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

// addTo adds the places to a set, which may be nil.
func (p *places) addTo(set map[place]bool) map[place]bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if set == nil {
		set = map[place]bool{}
	}
	for pl := range p.set {
		set[pl] = true
	}
	return set
}

func (p *places) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.set)
	p.all = false
}
