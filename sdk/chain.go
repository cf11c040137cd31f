package sdk

import (
	"context"
	"sync"
	"sync/atomic"
)

// Chain is one line of control through the server: a stanza being handled, a timer firing, a request being answered. It travels as
// the context of every call that may reach a handler, so that whoever serialises access to something (the Lua interpreter, a room in
// a plugin process) lets a nested call of the same chain in at once instead of waiting for itself.
//
// A chain is used by one goroutine at a time. Work that goes on beside the chain needs a chain of its own.
type Chain struct {
	context.Context
	id     uint64
	ticket Ticket
	batch  Batch
	held   []Holder // oldest first
	first  [2]Holder
}

// Holder is something that a chain holds and others need meanwhile, such as the Lua interpreter.
type Holder interface {
	// Release lets go of it for as long as the chain c waits. retake takes it back; it is nil if the chain does not hold it at the moment.
	Release(c *Chain) (retake func())
}

// Batch is output that a chain holds back to write it in fewer, larger pieces.
type Batch interface {
	// Flush lets it go.
	Flush()
}

// Ticket is the promise of a store to make earlier writes durable. Output that acknowledges a write is held back until Wait returns.
type Ticket interface {
	// Wait blocks until the writes are on stable storage, or returns why they never will be.
	Wait() error
}

type chainKey struct{}

var lastChain atomic.Uint64

// NewChain starts a chain below ctx, whose deadline and cancellation it keeps.
func NewChain(ctx context.Context) *Chain {
	return ContinueChain(ctx, lastChain.Add(1))
}

// ContinueChain is, below ctx, the part of a chain that runs in this process; the other part, with the same id, waits for it elsewhere.
func ContinueChain(ctx context.Context, id uint64) *Chain {
	c := &Chain{Context: ctx, id: id}
	c.held = c.first[:0]
	return c
}

// NumberChains makes the ids of the chains that begin in this process differ from those of other processes: the number is that of the
// process, 0 for the server. Before the first chain.
func NumberChains(process uint16) { lastChain.Store(uint64(process) << 48) }

// ID is unique within the process and never 0.
func (c *Chain) ID() uint64 { return c.id }

// Ticket is the newest write of the chain that is not yet known to be durable; nil if there is none.
func (c *Chain) Ticket() Ticket { return c.ticket }

// SetTicket records a write of this chain. Stores call it instead of waiting for the disk; what the chain sends afterwards is written
// to the network only when t is done.
func (c *Chain) SetTicket(t Ticket) { c.ticket = t }

// Batch is the output that the chain holds back, nil if it does not.
func (c *Chain) Batch() Batch { return c.batch }

// SetBatch begins holding output back, or ends it with nil.
func (c *Chain) SetBatch(b Batch) { c.batch = b }

// Flush lets held-back output go, because the chain is about to wait for something.
func (c *Chain) Flush() {
	if c.batch != nil {
		c.batch.Flush()
	}
}

// Hold tells that the chain holds something from now on, until Drop. The newest is dropped first.
func (c *Chain) Hold(h Holder) { c.held = append(c.held, h) }

// Drop tells that what the last Hold told of is no longer held.
func (c *Chain) Drop() { c.held = c.held[:len(c.held)-1] }

// Wait runs f, which waits for something that others may have to bring about: another process, another chain. What the chain holds is let go
// of meanwhile and taken back afterwards; what it holds back for output goes out. f may go on with the chain.
func (c *Chain) Wait(f func()) {
	c.Flush()
	again := make([]func(), 0, len(c.held))
	for i := len(c.held) - 1; i >= 0; i-- {
		if a := c.held[i].Release(c); a != nil {
			again = append(again, a)
		}
	}
	defer func() {
		for i := len(again) - 1; i >= 0; i-- {
			again[i]()
		}
	}()
	f()
}

// Wait is Chain.Wait for the chain of ctx, if it has one.
func Wait(ctx context.Context, f func()) {
	if c := ChainOf(ctx); c != nil {
		c.Wait(f)
		return
	}
	f()
}

// Lock locks mu. If another chain has it, what this one holds is let go until it comes: the other one may need that to be done with mu, as when
// it calls into Lua under it.
func Lock(ctx context.Context, mu *sync.Mutex) {
	if !mu.TryLock() {
		Wait(ctx, mu.Lock)
	}
}

// Value lets ChainOf find the chain below contexts derived from it.
func (c *Chain) Value(key any) any {
	if key == (chainKey{}) {
		return c
	}
	return c.Context.Value(key)
}

// ChainOf is the chain that ctx belongs to, or nil.
func ChainOf(ctx context.Context) *Chain {
	if c, ok := ctx.(*Chain); ok {
		return c
	}
	c, _ := ctx.Value(chainKey{}).(*Chain)
	return c
}

// WithChain is ctx itself if it belongs to a chain, otherwise a new chain below it.
func WithChain(ctx context.Context) *Chain {
	if c := ChainOf(ctx); c != nil {
		return c
	}
	return NewChain(ctx)
}
