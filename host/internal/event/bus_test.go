package event_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"

	"quatrain/host/internal/event"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

func newBus() *event.Bus { return event.NewBus(slog.New(slog.DiscardHandler), nil) }

// mark returns a handler that appends its name to the log and answers with result.
func mark(log *[]string, name string, result any) sdk.Handler {
	return func(context.Context, *sdk.Event) (any, error) {
		*log = append(*log, name)
		return result, nil
	}
}

func TestFireOrder(t *testing.T) {
	tests := map[string]struct {
		hooks  []sdk.Hook
		result []any
		want   []string
		answer any
	}{
		"higher priority first":         {hooks: []sdk.Hook{{Priority: -1}, {Priority: 5}, {Priority: 0.5}}, want: []string{"1", "2", "0"}},
		"equal priority in hook order":  {hooks: []sdk.Hook{{}, {}, {}}, want: []string{"0", "1", "2"}},
		"stops at first result":         {hooks: []sdk.Hook{{}, {}}, result: []any{"yes", nil}, want: []string{"0"}, answer: "yes"},
		"false is a result":             {hooks: []sdk.Hook{{}, {}}, result: []any{false, nil}, want: []string{"0"}, answer: false},
		"no hooks":                      {},
		"equal priorities among others": {hooks: []sdk.Hook{{Priority: 1}, {Priority: 2}, {Priority: 1}, {Priority: 2}}, want: []string{"1", "3", "0", "2"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			bus, log := newBus(), []string(nil)
			for i, h := range tc.hooks {
				var result any
				if i < len(tc.result) {
					result = tc.result[i]
				}
				h.Event, h.Handler = "e", mark(&log, string(rune('0'+i)), result)
				bus.Add(h)
			}
			got, err := bus.Fire(context.Background(), sdk.NewEvent("e"))
			if err != nil || got != tc.answer || !slices.Equal(log, tc.want) {
				t.Errorf("Fire = %v, %v after %v; want %v after %v", got, err, log, tc.answer, tc.want)
			}
		})
	}
}

func TestHooksMayChangeWhileFiring(t *testing.T) {
	bus, log := newBus(), []string(nil)
	var remove func()
	remove = bus.Add(sdk.Hook{Event: "e", Priority: 1, Handler: func(context.Context, *sdk.Event) (any, error) {
		remove()
		bus.Add(sdk.Hook{Event: "e", Handler: mark(&log, "late", nil)})
		return nil, nil
	}})
	bus.Add(sdk.Hook{Event: "e", Handler: mark(&log, "kept", nil)})
	for range 2 {
		bus.Fire(context.Background(), sdk.NewEvent("e"))
	}
	if want := []string{"kept", "kept", "late"}; !slices.Equal(log, want) {
		t.Errorf("ran %v, want %v", log, want)
	}
}

func TestHandlersShareTheEvent(t *testing.T) {
	bus := newBus()
	bus.Add(sdk.Hook{Event: "e", Priority: 1, Handler: func(_ context.Context, ev *sdk.Event) (any, error) {
		ev.Set("count", ev.Get("count").(float64)+1)
		return nil, nil
	}})
	ev := sdk.NewEvent("e", "count", 1.0)
	bus.Fire(context.Background(), ev)
	if got := ev.Get("count"); got != 2.0 {
		t.Errorf("count = %v, want 2", got)
	}
}

func TestFailedHandler(t *testing.T) {
	boom, refusal := errors.New("boom"), stanza.NewError(stanza.Forbidden, "")
	tests := map[string]struct {
		fail    sdk.Handler
		onError sdk.OnError
		want    []string
		fails   bool
		counted int
	}{
		"rejects":          {func(context.Context, *sdk.Event) (any, error) { return true, boom }, sdk.Reject, nil, true, 1},
		"continues":        {func(context.Context, *sdk.Event) (any, error) { return true, boom }, sdk.Continue, []string{"next"}, false, 1},
		"panic is failure": {func(context.Context, *sdk.Event) (any, error) { panic("boom") }, sdk.Reject, nil, true, 1},
		"refusal is none":  {func(context.Context, *sdk.Event) (any, error) { return nil, refusal }, sdk.Reject, nil, true, 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			failures := 0
			bus := event.NewBus(slog.New(slog.DiscardHandler), func(plugin, _ string) {
				if plugin == "bad" {
					failures++
				}
			})
			var log []string
			bus.Add(sdk.Hook{Event: "e", Plugin: "bad", Handler: tc.fail, OnError: tc.onError})
			bus.Add(sdk.Hook{Event: "e", Plugin: "good", Handler: mark(&log, "next", nil)})
			_, err := bus.Fire(context.Background(), sdk.NewEvent("e"))
			var failed *event.HandlerError
			if errors.As(err, &failed) != tc.fails || !slices.Equal(log, tc.want) || failures != tc.counted {
				t.Errorf("Fire: %v, ran %v, %d failures counted; want error %v, ran %v, %d", err, log, failures, tc.fails, tc.want, tc.counted)
			}
		})
	}
}

func TestWrappers(t *testing.T) {
	bus, log := newBus(), []string(nil)
	around := func(name string) sdk.Wrapper {
		return func(ctx context.Context, ev *sdk.Event, next sdk.Handler) (any, error) {
			log = append(log, name)
			return next(ctx, ev)
		}
	}
	bus.Wrap("", "p", around("all"))
	bus.Wrap("e", "p", around("old"))
	undo := bus.Wrap("e", "p", around("new"))
	bus.Add(sdk.Hook{Event: "e", Handler: mark(&log, "hook", true)})
	got, _ := bus.Fire(context.Background(), sdk.NewEvent("e"))
	undo()
	bus.Fire(context.Background(), sdk.NewEvent("e"))
	if want := []string{"new", "old", "all", "hook", "old", "all", "hook"}; got != true || !slices.Equal(log, want) {
		t.Errorf("Fire = %v, ran %v; want true, %v", got, log, want)
	}
}

func TestHas(t *testing.T) {
	bus := newBus()
	remove := bus.Add(sdk.Hook{Event: "e", Delivery: true, Handler: mark(new([]string), "", nil)})
	if !bus.Has("e") || bus.Has("other") || !bus.OnlyDelivery("e") {
		t.Error("want e hooked, by delivery only, and nothing else")
	}
	bus.Add(sdk.Hook{Event: "e", Handler: mark(new([]string), "", nil)})
	if bus.OnlyDelivery("e") {
		t.Error("OnlyDelivery after a plugin hooked the event")
	}
	remove()
	remove()
	if len(bus.Hooks("e")) != 1 {
		t.Errorf("hooks = %v, want the plugin's one", bus.Hooks("e"))
	}
}

func TestTracer(t *testing.T) {
	bus, log := newBus(), []string(nil)
	bus.Add(sdk.Hook{Event: "e", Handler: mark(&log, "hook", true)})
	bus.SetTracer(func(ctx context.Context, ev *sdk.Event, h sdk.Handler) (any, error) {
		log = append(log, "trace "+ev.Name)
		return h(ctx, ev)
	})
	bus.Fire(context.Background(), sdk.NewEvent("e"))
	if want := []string{"trace e", "hook"}; !slices.Equal(log, want) {
		t.Errorf("ran %v, want %v", log, want)
	}
}

func TestConcurrentChange(t *testing.T) {
	bus := newBus()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				bus.Add(sdk.Hook{Event: "e", Handler: func(context.Context, *sdk.Event) (any, error) { return nil, nil }})()
				bus.Fire(context.Background(), sdk.NewEvent("e"))
			}
		})
	}
	wg.Wait()
	if bus.Has("e") {
		t.Error("hooks left behind")
	}
}
