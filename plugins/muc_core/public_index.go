package muccore

import (
	"context"
	"maps"
	"slices"
	"sync"

	"quatrain/xmpp/stanza"
)

// publicIndex is the list of public rooms in memory: rooms in the store are read once, on first use, and not at all taken into memory
// (M7). Safe for concurrent use.
type publicIndex struct {
	load sync.Mutex // held while the store is read
	// eachStored calls f for all rooms in the store; nil once they have been read. Guarded by load.
	eachStored func(ctx context.Context, f func(jid, name string, public bool))

	mu      sync.Mutex        // guards the rest
	names   map[string]string // room JID → name, "" if it has none
	touched map[string]bool   // rooms that have changed since the store is being read; nil otherwise
	sorted  []string          // the JIDs in names, in order; nil until somebody asks for a page
}

func newPublicIndex(eachStored func(ctx context.Context, f func(jid, name string, public bool))) *publicIndex {
	return &publicIndex{eachStored: eachStored, names: map[string]string{}}
}

// set says how a room is now.
func (p *publicIndex) set(jid, name string, public bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.touched != nil {
		p.touched[jid] = true
	}
	p.put(jid, name, public)
}

func (p *publicIndex) put(jid, name string, public bool) {
	if _, there := p.names[jid]; there != public {
		p.sorted = nil
	}
	if public {
		p.names[jid] = name
	} else {
		delete(p.names, jid)
	}
}

// read makes sure that what is in the store is in the index.
func (p *publicIndex) read(ctx context.Context) {
	p.load.Lock()
	defer p.load.Unlock()
	if p.eachStored == nil {
		return
	}
	p.mu.Lock()
	p.touched = map[string]bool{}
	p.mu.Unlock()
	p.eachStored(ctx, func(jid, name string, public bool) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if _, there := p.names[jid]; public && !there && !p.touched[jid] {
			p.put(jid, name, true)
		}
	})
	p.eachStored = nil
	p.mu.Lock()
	p.touched = nil
	p.mu.Unlock()
}

// addTo adds the whole list to a reply.
func (p *publicIndex) addTo(query *stanza.Element) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, jid := range p.inOrder() {
		query.AddChild(p.item(jid))
	}
}

// addPageTo adds a page; of no rooms there are none (XEP-0059 #forwards).
func (p *publicIndex) addPageTo(query *stanza.Element, w pageWish) {
	p.mu.Lock()
	defer p.mu.Unlock()
	sorted := p.inOrder()
	if len(sorted) == 0 {
		return
	}
	first, end := w.page(sorted)
	for i := first; i < end; i++ {
		query.AddChild(p.item(sorted[i]))
	}
	query.AddChild(pageInfo(sorted, first, end))
}

func (p *publicIndex) inOrder() []string {
	if p.sorted == nil {
		p.sorted = slices.Sorted(maps.Keys(p.names))
	}
	return p.sorted
}

func (p *publicIndex) item(jid string) *stanza.Element {
	item := stanza.New("item", "", "jid", jid)
	if name := p.names[jid]; name != "" {
		item.SetAttr("name", name)
	}
	return item
}
