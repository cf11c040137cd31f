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
	holds  []Holder
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
	return &Chain{Context: ctx, id: lastChain.Add(1)}
}

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

// Holder is something that a chain holds while it runs and that other chains wait for, such as the Lua interpreter.
type Holder interface {
	// Release gives it up and returns what takes it back; nil if the chain does not hold it just now.
	Release(c *Chain) (retake func())
}

// Hold says that the chain holds h from now on, until Drop.
func (c *Chain) Hold(h Holder) { c.holds = append(c.holds, h) }

// Drop ends the newest Hold.
func (c *Chain) Drop() { c.holds = c.holds[:len(c.holds)-1] }

// Wait runs f, which waits for somebody else: a plugin's process, a lock that is held while handlers run. Meanwhile the chain holds
// nothing, or two chains could wait for each other forever. f may run handlers under this chain; they take what they need.
func (c *Chain) Wait(f func()) {
	c.Flush()
	for i := len(c.holds) - 1; i >= 0; i-- {
		if retake := c.holds[i].Release(c); retake != nil {
			defer retake()
		}
	}
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
