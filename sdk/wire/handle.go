package wire

import (
	"context"
	"errors"
	"time"

	"quatrain/sdk"
)

// Handle lets a function that came from the other side as a handler handle an event; what it changes is changed in ev.
func Handle(ctx context.Context, f sdk.Function, ev *sdk.Event, lane string, args ...any) (any, error) {
	r, ok := f.(*function)
	if !ok {
		return nil, errors.New("a handler that is not the other side's")
	}
	return first(r.peer.Call(ctx, Request{Target: r.id, Event: ev, Lane: lane, Args: args}))
}

// HandleLate is Handle for an event whose handlers behind this one wait for done, which is called in a goroutine of its own. Nothing else may
// use the chain.
func HandleLate(chain *sdk.Chain, f sdk.Function, ev *sdk.Event, lane string, wait time.Duration, done func(result any, err error)) error {
	r, ok := f.(*function)
	if !ok {
		return errors.New("a handler that is not the other side's")
	}
	return r.peer.Defer(chain, Request{Target: r.id, Event: ev, Lane: lane, Wait: wait}, func(results []any, err error) {
		done(first(results, err))
	})
}

// Handler makes a function of a handler, which the other side can use as such.
func Handler(h sdk.Handler) sdk.Function {
	return sdk.Func(func(ctx context.Context, args ...any) ([]any, error) {
		ev, ok := Args(args).At(0).(*sdk.Event)
		if !ok {
			return nil, errors.New("a handler was called without an event")
		}
		return one(h(ctx, ev))
	})
}

// Transfer makes an event what another one is, which stands for it in the other process: stanzas stay the same elements.
func Transfer(from, to *sdk.Event) {
	to.Origin, to.ToSelf = from.Origin, from.ToSelf
	switch {
	case from.Stanza != nil && to.Stanza != nil && from.Stanza != to.Stanza:
		to.Stanza.Become(from.Stanza.Clone())
	default:
		to.Stanza = from.Stanza
	}
	eachValue(to, func(name string, _ any) bool {
		if from.Get(name) == nil {
			to.Set(name, nil)
		}
		return true
	})
	eachValue(from, func(name string, value any) bool {
		to.Set(name, value)
		return true
	})
}
