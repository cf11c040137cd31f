package sdk

import (
	"context"
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
	held   []Holder
}

// Holder is something that others wait for while a chain has it: an interpreter, a place in a queue.
type Holder interface {
	// Release lets it go while the chain waits. retake, unless nil, takes it back.
	Release() (retake func())
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

// SetChainBase is for processes that share their chains with others: chains that are begun here have ids above base.
func SetChainBase(base uint64) { lastChain.Store(base) }

// NewChain starts a chain below ctx, whose deadline and cancellation it keeps.
func NewChain(ctx context.Context) *Chain {
	return &Chain{Context: ctx, id: lastChain.Add(1)}
}

// ResumeChain goes on with a chain that was begun in another process, or in another goroutine that is done with it.
func ResumeChain(ctx context.Context, id uint64) *Chain {
	return &Chain{Context: ctx, id: id}
}

// ID is unique within the server and its plugins, and never 0.
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

// Hold tells that the chain has got something that it lets go of while it waits, until Drop. What is held last is dropped first.
func (c *Chain) Hold(h Holder) { c.held = append(c.held, h) }

// Drop ends the last Hold.
func (c *Chain) Drop() {
	last := len(c.held) - 1
	c.held[last] = nil
	c.held = c.held[:last]
}

// Wait runs f, which waits for what other chains may have to do first: for a plugin in another process, for time. Held-back output is let go, and
// while f runs, so is what the chain holds. f may go on with the chain.
func (c *Chain) Wait(f func()) {
	c.Flush()
	held := c.held
	c.held = nil
	retakes := make([]func(), 0, len(held))
	for i := len(held) - 1; i >= 0; i-- {
		if retake := held[i].Release(); retake != nil {
			retakes = append(retakes, retake)
		}
	}
	defer func() {
		for i := len(retakes) - 1; i >= 0; i-- {
			retakes[i]()
		}
		c.held = held
	}()
	f()
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
