package session

import (
	"context"

	"quatrain/sdk"
)

// batch are the sessions that a chain has written to and not yet let go (sdk.Batch).
type batch struct{ dirty []*output }

// Cork holds back what the chain of ctx sends until uncork, so that each session gets one write for all of it. Corks nest: the
// outermost counts. A ctx without a chain is not corked.
func Cork(ctx context.Context) (uncork func()) {
	c := sdk.ChainOf(ctx)
	if c == nil || c.Batch() != nil {
		return func() {}
	}
	b := &batch{}
	c.SetBatch(b)
	return func() {
		c.SetBatch(nil)
		b.Flush()
	}
}

// NewBatch is a batch for whoever sets it on chains himself (sdk.Chain.SetBatch), one after the other.
func NewBatch() sdk.Batch { return &batch{} }

// Flush starts the writers.
func (b *batch) Flush() {
	for i, o := range b.dirty {
		b.dirty[i] = nil
		o.flush()
	}
	b.dirty = b.dirty[:0]
}

func (b *batch) add(o *output) { b.dirty = append(b.dirty, o) }

var _ sdk.Batch = (*batch)(nil)
