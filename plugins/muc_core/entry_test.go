package muccore

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"quatrain/sdk"
)

// chain is a chain of its own, as a stanza has one.
func chain(t *testing.T) *sdk.Chain {
	t.Helper()
	return sdk.NewChain(t.Context())
}

func mustEnter(t *testing.T, e *entry, ctx context.Context) (leave func()) {
	t.Helper()
	_, leave, err := e.enter(ctx)
	if err != nil {
		t.Fatalf("entering: %v", err)
	}
	return leave
}

func TestEntryLetsTheSameChainInAgain(t *testing.T) {
	var e entry
	ctx := chain(t)
	outer, inner := mustEnter(t, &e, ctx), mustEnter(t, &e, context.WithoutCancel(ctx))
	inner()
	if e.tryEnter(chain(t).ID()) {
		t.Error("another chain is in although the first has left only once")
	}
	outer()
	if !e.tryEnter(chain(t).ID()) {
		t.Error("nobody is in, but nobody gets in")
	}
}

func TestEntryWithoutChainStartsOne(t *testing.T) {
	var e entry
	ctx, leave, err := e.enter(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	if sdk.ChainOf(ctx) == nil {
		t.Fatal("the context has no chain")
	}
	mustEnter(t, &e, ctx)()
}

func TestEntryWaitIsBoundedByTheDeadline(t *testing.T) {
	var e entry
	leave := mustEnter(t, &e, chain(t))
	defer leave()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, _, err := e.enter(sdk.NewChain(ctx))
	if !errors.Is(err, errBusy) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("want errBusy for the deadline, got %v", err)
	}
	if len(e.waiters) != 0 {
		t.Error("who gave up still waits")
	}
}

// lent is something that a chain holds while it is on its way, as the Lua interpreter.
type lent struct{ released, again chan struct{} }

func (l lent) Release(*sdk.Chain) func() {
	close(l.released)
	return func() { close(l.again) }
}

func TestEntryLetsGoOfWhatTheChainHolds(t *testing.T) {
	var e entry
	leave := mustEnter(t, &e, chain(t))
	held := lent{make(chan struct{}), make(chan struct{})}
	done := make(chan error)
	go func() {
		waiting := sdk.NewChain(context.Background())
		waiting.Hold(held)
		_, leave, err := e.enter(waiting)
		if err == nil {
			leave()
		}
		done <- err
	}()
	<-held.released // otherwise who is in could not go on, and would never leave
	leave()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	<-held.again
}

func TestEntryIsForOneChainAtATime(t *testing.T) {
	const chains, visits = 20, 50
	var e entry
	inside, total := 0, 0
	var all sync.WaitGroup
	for range chains {
		all.Go(func() {
			for range visits {
				ctx := sdk.NewChain(context.Background())
				_, leave, err := e.enter(ctx)
				if err != nil {
					t.Error(err)
					return
				}
				inside++
				if inside != 1 {
					t.Errorf("%d are in", inside)
				}
				total++
				inside--
				leave()
			}
		})
	}
	all.Wait()
	if total != chains*visits {
		t.Errorf("want %d visits, got %d", chains*visits, total)
	}
}
