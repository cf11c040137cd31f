package wire_test

import (
	"context"
	"testing"

	"quatrain/sdk"
	"quatrain/sdk/wire"
)

// unwritten is a write that has not come to the disk yet.
type unwritten struct{ ended chan struct{} }

func (u *unwritten) Wait() error {
	<-u.ended
	return nil
}

// What is sent after an answer waits for what was written before it, however fast it follows.
func TestWritesBeforeAnAnswerHold(t *testing.T) {
	p := newPair(t, nil)
	write := &unwritten{make(chan struct{})}
	defer close(write.ended)
	held := make(chan sdk.Ticket, 1)
	p.serverRoot.invoke = func(ctx context.Context, c *wire.Invocation) ([]any, error) {
		chain := sdk.ChainOf(ctx)
		if c.Method == "write" {
			chain.SetTicket(write)
			return nil, nil
		}
		held <- chain.Ticket()
		return nil, nil
	}
	for range 2000 {
		chain := background(t)
		if _, err := call(chain, p.plugin, "write"); err != nil {
			t.Fatal(err)
		}
		if err := p.plugin.Cast(chain, "room", 0, "send"); err != nil {
			t.Fatal(err)
		}
		if got := <-held; got != write {
			t.Fatalf("what was sent waits for %v, want the write", got)
		}
	}
}
