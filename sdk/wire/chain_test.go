package wire_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"quatrain/sdk"
	"quatrain/sdk/wire"
)

func failing(err error) func(context.Context, *wire.Invocation) ([]any, error) {
	return func(context.Context, *wire.Invocation) ([]any, error) { return nil, err }
}

// A call that comes back finds its own chain on both sides, however often it goes to and fro.
func TestNestedCalls(t *testing.T) {
	p := newPair(t, nil)
	var serverChain, pluginChain *sdk.Chain
	bounce := func(other **wire.Peer, seen **sdk.Chain) func(context.Context, *wire.Invocation) ([]any, error) {
		return func(ctx context.Context, c *wire.Invocation) ([]any, error) {
			if *seen == nil {
				*seen = sdk.ChainOf(ctx)
			}
			if *seen != sdk.ChainOf(ctx) {
				return nil, errors.New("another chain")
			}
			n := c.Args.Number(0)
			if n == 0 {
				return []any{"end"}, nil
			}
			return call(ctx, *other, "bounce", n-1)
		}
	}
	p.serverRoot.invoke, p.pluginRoot.invoke = bounce(&p.plugin, &serverChain), bounce(&p.server, &pluginChain)
	p.serverRoot.invoke, p.pluginRoot.invoke = bounce(&p.server, &serverChain), bounce(&p.plugin, &pluginChain)
	chain := background(t)
	serverChain = chain
	results, err := call(chain, p.server, "bounce", 20.0)
	if err != nil || results[0] != "end" {
		t.Errorf("got %v, %v", results, err)
	}
}

// holder notes when it is let go and taken back.
type holder struct{ log []string }

func (h *holder) Release(*sdk.Chain) func() {
	h.log = append(h.log, "release")
	return func() { h.log = append(h.log, "retake") }
}

func TestWaitingLetsGo(t *testing.T) {
	p := newPair(t, nil)
	h := &holder{}
	p.pluginRoot.invoke = func(ctx context.Context, _ *wire.Invocation) ([]any, error) { return call(ctx, p.plugin, "back") }
	p.serverRoot.invoke = func(context.Context, *wire.Invocation) ([]any, error) {
		h.log = append(h.log, "back")
		return nil, nil
	}
	chain := background(t)
	chain.Hold(h)
	if _, err := call(chain, p.server, "go"); err != nil || !slices.Equal(h.log, []string{"release", "back", "retake"}) {
		t.Errorf("%v, %v", h.log, err)
	}
}

// journal is a list that several goroutines write.
type journal struct {
	mu    sync.Mutex // guards lines
	lines []string
}

func (j *journal) add(line string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, line)
}

func (j *journal) get() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.lines)
}

// What one lane sends keeps its order, whichever chain it belongs to; a call of a chain comes after what the chain has sent.
func TestLanesKeepOrder(t *testing.T) {
	p := newPair(t, nil)
	j := &journal{}
	p.serverRoot.invoke = func(_ context.Context, c *wire.Invocation) ([]any, error) {
		j.add(c.Args.Text(0))
		return nil, nil
	}
	var want []string
	for i := range 200 {
		line := fmt.Sprint(i)
		want = append(want, line)
		if err := p.plugin.Cast(background(t), "room", 0, "send", line); err != nil {
			t.Fatal(err)
		}
	}
	last := background(t)
	if err := p.plugin.Cast(last, "room", 0, "send", "last"); err != nil {
		t.Fatal(err)
	}
	if _, err := call(last, p.plugin, "call", "after"); err != nil {
		t.Fatal(err)
	}
	if got := j.get(); !slices.Equal(got, append(want, "last", "after")) {
		t.Errorf("got %v", got)
	}
}

// Sending within a call that the server waits for is done before the call is over, in its order among what others send in the lane.
func TestLanesOfWaitingChains(t *testing.T) {
	p := newPair(t, nil)
	j := &journal{}
	p.serverRoot.invoke = func(ctx context.Context, c *wire.Invocation) ([]any, error) {
		j.add(c.Args.Text(0))
		return nil, nil
	}
	p.pluginRoot.invoke = func(ctx context.Context, c *wire.Invocation) ([]any, error) {
		for _, line := range []string{"a", "b", "c"} {
			if err := p.plugin.Cast(ctx, "room", 0, "send", line); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}
	if _, err := call(background(t), p.server, "handle"); err != nil {
		t.Fatal(err)
	}
	if got := j.get(); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("got %v", got)
	}
}

// What is sent may come back to the plugin, whose handler sends again in the same lane, while more waits behind it: nobody waits for himself.
func TestLanesDoNotWaitForThemselves(t *testing.T) {
	for name, elsewhere := range map[string]bool{"same plugin": false, "another plugin in between": true} {
		t.Run(name, func(t *testing.T) {
			p, other := newPair(t, nil), newPair(t, nil)
			sent := make(chan string, 100)
			other.pluginRoot.invoke = func(ctx context.Context, c *wire.Invocation) ([]any, error) {
				return call(ctx, other.plugin, "back", c.Args...)
			}
			other.serverRoot.invoke = func(ctx context.Context, c *wire.Invocation) ([]any, error) {
				return call(ctx, p.server, "handle", c.Args...)
			}
			p.serverRoot.invoke = func(ctx context.Context, c *wire.Invocation) ([]any, error) {
				line := c.Args.Text(0)
				sent <- line
				switch {
				case len(line) > 3:
					return nil, nil
				case elsewhere:
					return call(ctx, other.server, "over", line)
				}
				return call(ctx, p.server, "handle", line)
			}
			p.pluginRoot.invoke = func(ctx context.Context, c *wire.Invocation) ([]any, error) {
				for _, next := range []string{"1", "2"} {
					if err := p.plugin.Cast(ctx, "room", 0, "send", c.Args.Text(0)+next); err != nil {
						return nil, err
					}
				}
				return nil, nil
			}
			if _, err := call(background(t), p.server, "handle", ""); err != nil {
				t.Fatal(err)
			}
			for n := range 2 + 4 + 8 + 16 {
				select {
				case <-sent:
				case <-time.After(20 * time.Second):
					t.Fatalf("only %d were sent", n)
				}
			}
		})
	}
}

// A plugin handles the stanzas of one lane one after the other, those of others beside them.
func TestLanesOfAPlugin(t *testing.T) {
	p := newPair(t, nil)
	release := make(chan struct{})
	j := &journal{}
	p.pluginRoot.invoke = func(_ context.Context, c *wire.Invocation) ([]any, error) {
		if c.Args.Text(0) == "slow" {
			<-release
		}
		j.add(c.Args.Text(0))
		return nil, nil
	}
	var wg sync.WaitGroup
	hand := func(lane, what string) {
		wg.Add(1)
		err := p.server.Defer(background(t), wire.Request{Method: "handle", Args: []any{what}, Lane: lane}, func([]any, error) { wg.Done() })
		if err != nil {
			t.Fatal(err)
		}
	}
	hand("a", "slow")
	hand("a", "next")
	if _, err := p.server.Call(background(t), wire.Request{Method: "handle", Args: []any{"other"}, Lane: "b"}); err != nil {
		t.Fatal(err)
	}
	close(release)
	wg.Wait()
	if got := j.get(); !slices.Equal(got, []string{"other", "slow", "next"}) {
		t.Errorf("got %v", got)
	}
}

func TestDeadlines(t *testing.T) {
	p := newPair(t, func(server, _ *wire.Options) { server.Timeout = 30 * time.Millisecond })
	ended := make(chan error, 1)
	p.pluginRoot.invoke = func(ctx context.Context, _ *wire.Invocation) ([]any, error) {
		<-ctx.Done() // the plugin sees the deadline, too
		ended <- ctx.Err()
		return nil, ctx.Err()
	}
	if _, err := call(background(t), p.server, "hang"); !errors.Is(err, wire.ErrTimeout) {
		t.Errorf("got %v", err)
	}
	if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the handler saw %v", err)
	}
	p.pluginRoot.invoke = echo
	if _, err := call(background(t), p.server, "echo"); err != nil {
		t.Errorf("the next call: %v", err)
	}
}

func TestPanics(t *testing.T) {
	p := newPair(t, nil)
	p.pluginRoot.invoke = func(context.Context, *wire.Invocation) ([]any, error) { panic("as asked") }
	_, err := call(background(t), p.server, "fail")
	var traced interface{ Stack() string }
	if !errors.As(err, &traced) || !strings.Contains(traced.Stack(), "chain_test.go") || !strings.Contains(err.Error(), "as asked") {
		t.Errorf("got %v", err)
	}
}
