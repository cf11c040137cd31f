package session

import (
	"context"
	"sync"

	"quatrain/sdk"
)

// batch are the sessions that a chain has written to and not yet let go (sdk.Batch).
type batch struct {
	dirty []*output
	chain *sdk.Chain // that Cork has set it on
	end   func()     // uncork, made once
}

// batches that no chain has any more. Nothing of a batch is left anywhere once it has been flushed.
var batches = sync.Pool{New: func() any { return &batch{} }}

// maxDirty is how many sessions a batch may have had to be kept for others.
const maxDirty = 256

func nothing() {}

// Cork holds back what the chain of ctx sends until uncork, so that each session gets one write for all of it. Corks nest: the
// outermost counts. A ctx without a chain is not corked. uncork must be called once.
func Cork(ctx context.Context) (uncork func()) {
	c := sdk.ChainOf(ctx)
	if c == nil || c.Batch() != nil {
		return nothing
	}
	b := batches.Get().(*batch)
	if b.end == nil {
		b.end = b.uncork
	}
	b.chain = c
	c.SetBatch(b)
	return b.end
}

func (b *batch) uncork() {
	b.chain.SetBatch(nil)
	b.chain = nil
	b.Flush()
	if cap(b.dirty) <= maxDirty {
		batches.Put(b)
	}
}

// NewBatch is a batch for whoever sets it on chains himself (sdk.Chain.SetBatch), one after the other.
func NewBatch() sdk.Batch { return &batch{} }

// Flush lets the sessions be written to.
func (b *batch) Flush() {
	if len(b.dirty) == 0 {
		return
	}
	if rounds := b.dirty[0].rounds; rounds != nil {
		rounds.add(b.dirty)
	} else {
		for _, o := range b.dirty {
			o.flush()
		}
	}
	clear(b.dirty)
	b.dirty = b.dirty[:0]
}

func (b *batch) add(o *output) { b.dirty = append(b.dirty, o) }

var _ sdk.Batch = (*batch)(nil)
