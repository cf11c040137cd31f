package wire

import (
	"context"
	"fmt"
	"sync"

	"quatrain/sdk"
	"quatrain/sdk/wire/pb"
)

// credit bounds the casts that are under way: at the sender what it may still send, at the receiver what has not run.
type credit struct {
	mu       sync.Mutex // guards the rest
	left     int        // may be exceeded by one cast
	limited  bool
	wake     chan struct{} // closed when there is more
	underway int
	owed     int // has run, and was not given back
}

func (c *credit) init(given int) {
	c.left, c.limited, c.wake = given, given > 0, make(chan struct{})
}

func (c *credit) add(bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left += bytes
	close(c.wake)
	c.wake = make(chan struct{})
}

// spend takes from what may be sent; nil, or what to wait for.
func (c *credit) spend(bytes int) (wait chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.limited && c.left <= 0 {
		return c.wake
	}
	c.left -= bytes
	return nil
}

// charge notes a cast that has arrived.
func (c *credit) charge(bytes, limit, slack int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.underway += bytes
	if limit > 0 && c.underway > limit+slack {
		return fmt.Errorf("the plugin has sent %d bytes beyond its credit of %d", c.underway-limit, limit)
	}
	return nil
}

// giveCredit tells the other side that casts have run, not for each of them.
func (p *Peer) giveCredit(bytes int) {
	c := &p.credit
	c.mu.Lock()
	c.underway -= bytes
	c.owed += bytes
	give := 0
	if p.opts.Credit > 0 && c.owed >= p.opts.Credit/8 {
		give, c.owed = c.owed, 0
	}
	c.mu.Unlock()
	if give > 0 {
		_ = p.send(&pb.Frame{Body: &pb.Frame_Credit{Credit: &pb.Credit{Bytes: uint64(give)}}}) // fails if the stream has ended
	}
}

// waitForCredit waits until a cast of so many bytes may be sent.
func (p *Peer) waitForCredit(ctx context.Context, chain *sdk.Chain, bytes int) (err error) {
	for {
		wait := p.credit.spend(bytes)
		if wait == nil {
			return nil
		}
		chain.Wait(func() {
			select {
			case <-wait:
			case <-p.done:
				err = p.Err()
			case <-ctx.Done():
				err = fmt.Errorf("waiting until the server has done what was sent before: %w", ctx.Err())
			}
		})
		if err != nil {
			return err
		}
	}
}
