package event_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"quatrain/sdk"
)

// firing is who fired an event and takes the late result.
type firing struct {
	log    *[]string
	result any
	err    error
}

func (f *firing) Finish(_ context.Context, result any, err error) {
	*f.log = append(*f.log, "finish")
	f.result, f.err = result, err
}

func TestDeferral(t *testing.T) {
	broken := errors.New("broken")
	for name, tc := range map[string]struct {
		onError sdk.OnError
		result  any
		err     error
		want    []string
		verdict any
		fails   bool
	}{
		"answered":          {sdk.Reject, true, nil, []string{"finish"}, true, false},
		"not answered":      {sdk.Reject, nil, nil, []string{"second", "finish"}, "late", false},
		"failed":            {sdk.Reject, nil, broken, []string{"finish"}, nil, true},
		"failed, continues": {sdk.Continue, nil, broken, []string{"second", "finish"}, "late", false},
	} {
		t.Run(name, func(t *testing.T) {
			b, log := newBus(), []string{}
			d := &sdk.Deferral{}
			b.Add(sdk.Hook{Event: "e", OnError: tc.onError, Handler: func(context.Context, *sdk.Event) (any, error) { return d, nil }})
			b.Add(sdk.Hook{Event: "e", Handler: func(context.Context, *sdk.Event) (any, error) {
				log = append(log, "second")
				return "late", nil
			}})
			ev, f := sdk.NewEvent("e"), &firing{log: &log}
			ev.AcceptLate(f)
			if result, err := b.Fire(t.Context(), ev); result != any(d) || err != nil || len(log) > 0 {
				t.Fatalf("Fire: %v, %v after %q", result, err, log)
			}
			d.Resume(t.Context(), tc.result, tc.err)
			if !slices.Equal(log, tc.want) || f.result != tc.verdict || (f.err != nil) != tc.fails {
				t.Errorf("ran %q, finished with %v, %v", log, f.result, f.err)
			}
		})
	}
}

// A handler may resume before the bus has heard of the deferral.
func TestDeferralResumedAtOnce(t *testing.T) {
	b, log := newBus(), []string{}
	b.Add(sdk.Hook{Event: "e", Handler: func(ctx context.Context, _ *sdk.Event) (any, error) {
		d := &sdk.Deferral{}
		d.Resume(ctx, "early", nil)
		return d, nil
	}})
	ev, f := sdk.NewEvent("e"), &firing{log: &log}
	ev.AcceptLate(f)
	if b.Fire(t.Context(), ev); f.result != "early" {
		t.Errorf("finished with %v", f.result)
	}
}

// Who wraps an event, or fires it for the result, does not see deferrals.
func TestDeferralNotAllowed(t *testing.T) {
	for name, wrapped := range map[string]bool{"not deferrable": false, "wrapped": true} {
		t.Run(name, func(t *testing.T) {
			b, log := newBus(), []string{}
			b.Add(sdk.Hook{Event: "e", Handler: func(context.Context, *sdk.Event) (any, error) { return &sdk.Deferral{}, nil }})
			ev := sdk.NewEvent("e")
			if wrapped {
				ev.AcceptLate(&firing{log: &log})
				b.Wrap("", "w", func(ctx context.Context, ev *sdk.Event, next sdk.Handler) (any, error) { return next(ctx, ev) })
			}
			if _, err := b.Fire(t.Context(), ev); err == nil {
				t.Error("the deferral was accepted")
			}
		})
	}
}

func TestFirePartAndWatch(t *testing.T) {
	b := newBus()
	var log, seen []string
	stop := b.Watch("e", func(hooks []sdk.Hook, wrapped bool) {
		text := fmt.Sprint(wrapped)
		for _, h := range hooks {
			text += " " + h.Plugin
		}
		seen = append(seen, text)
	})
	add := func(plugin string, priority float64) func() {
		return b.Add(sdk.Hook{Event: "e", Priority: priority, Plugin: plugin, Handler: func(context.Context, *sdk.Event) (any, error) {
			log = append(log, plugin)
			return nil, nil
		}})
	}
	add("b", 0)
	add("a", 1)
	remove := add("c", 0)
	b.FirePart(t.Context(), sdk.NewEvent("e"), func(h sdk.Hook) bool { return h.Plugin != "b" })
	b.Wrap("", "w", func(context.Context, *sdk.Event, sdk.Handler) (any, error) { return nil, nil })
	remove()
	stop()
	add("d", 0)
	if want := []string{"a", "c"}; !slices.Equal(log, want) {
		t.Errorf("ran %q, want %q", log, want)
	}
	if want := []string{"false", "false b", "false a b", "false a b c", "true a b c", "true a b"}; !slices.Equal(seen, want) {
		t.Errorf("saw %q, want %q", seen, want)
	}
}
