package wire_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"quatrain/sdk"
	"quatrain/sdk/wire"
)

// corkedPair is a pair whose plugin holds casts back for so long.
func corkedPair(t *testing.T, cork time.Duration) *pair {
	return newPair(t, func(_, plugin *wire.Options) { plugin.Cork = cork })
}

// What a handler sends goes out with its answer, and in order.
func TestCastsGoTogether(t *testing.T) {
	p := corkedPair(t, time.Hour)
	var got []string
	p.serverRoot.invoke = func(_ context.Context, c *wire.Invocation) ([]any, error) {
		got = append(got, c.Args.Text(0))
		return nil, nil
	}
	p.pluginRoot.invoke = func(ctx context.Context, _ *wire.Invocation) ([]any, error) {
		for i := range 5 {
			if err := p.plugin.Cast(ctx, "room", 0, "Say", fmt.Sprint(i)); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}
	if _, err := call(background(t), p.server, "talk"); err != nil {
		t.Fatal(err)
	}
	if want := []string{"0", "1", "2", "3", "4"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if n := p.fromPlugin.sent.Load(); n != 1 {
		t.Errorf("%d batches, want 1", n)
	}
}

// Before a handler waits, and when it takes long without saying that it waits, what it has sent goes out.
func TestCorkedCastsDoNotWaitForTheHandler(t *testing.T) {
	for name, wait := range map[string]func(ctx context.Context, f func()){
		"waits": sdk.Wait,
		"hangs": func(_ context.Context, f func()) { f() },
	} {
		t.Run(name, func(t *testing.T) {
			cork := time.Hour
			if name == "hangs" {
				cork = time.Millisecond
			}
			p := corkedPair(t, cork)
			come := make(chan struct{})
			p.serverRoot.invoke = func(context.Context, *wire.Invocation) ([]any, error) {
				close(come)
				return nil, nil
			}
			p.pluginRoot.invoke = func(ctx context.Context, _ *wire.Invocation) (_ []any, err error) {
				if err := p.plugin.Cast(ctx, "room", 0, "Say"); err != nil {
					return nil, err
				}
				wait(ctx, func() {
					select {
					case <-come:
					case <-ctx.Done():
						err = ctx.Err()
					}
				})
				return nil, err
			}
			if _, err := call(background(t), p.server, "talk"); err != nil {
				t.Error(err)
			}
		})
	}
}

// A chain that has ended without an answer to send leaves nothing behind.
func TestCorkedCastsWithoutAnAnswer(t *testing.T) {
	p := corkedPair(t, time.Hour)
	come := make(chan struct{})
	p.serverRoot.invoke = func(context.Context, *wire.Invocation) ([]any, error) {
		close(come)
		return nil, nil
	}
	p.pluginRoot.invoke = func(ctx context.Context, c *wire.Invocation) ([]any, error) {
		return nil, p.plugin.Cast(ctx, "room", 0, "Say")
	}
	if err := p.server.Cast(background(t), "room", 0, "Talk"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-come:
	case <-time.After(10 * time.Second):
		t.Error("what was sent has not come")
	}
}
