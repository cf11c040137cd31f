package procbridge_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// orchestra plays the event "tune", in which each handler adds a note to what has been played.
type orchestra struct {
	m      sdk.Module
	unhook []func()
}

func note(name string) sdk.Handler {
	return func(_ context.Context, ev *sdk.Event) (any, error) {
		ev.Set("notes", ev.String("notes")+name+" ")
		if st := ev.Stanza; st != nil {
			st.SetAttr("last", name)
		}
		return nil, nil
	}
}

func (p *orchestra) Load(_ context.Context, m sdk.Module) error {
	p.m = m
	m.Hook("tune", 10, note("own10"))
	m.Hook("tune", 0, note("own0"))
	m.Hook("play", 0, p.play)
	m.Hook("change", 0, p.change)
	m.HookGlobal("global", 0, func(ctx context.Context, ev *sdk.Event) (any, error) {
		return m.Context("b.example").Fire(ctx, sdk.NewEvent("elsewhere"))
	})
	m.Context("b.example").Hook("elsewhere", 0, func(context.Context, *sdk.Event) (any, error) { return "b.example", nil })
	m.Hook("tick", 0, func(context.Context, *sdk.Event) (any, error) {
		m.AddTimer(time.Millisecond, func(ctx context.Context) time.Duration {
			_ = m.Send(ctx, nil, stanza.Message("tick", "from", "a.example", "to", "romeo@b.example"))
			return 0
		})
		return true, nil
	})
	m.Hook("refused", 0, func(ctx context.Context, _ *sdk.Event) (any, error) {
		_, err := m.Fire(ctx, sdk.NewEvent("refuse"))
		var e *stanza.Error
		if errors.As(err, &e) {
			return string(e.Condition), nil
		}
		return nil, err
	})
	return nil
}

func (p *orchestra) play(ctx context.Context, ev *sdk.Event) (any, error) {
	tune := sdk.StanzaEvent("tune", nil, stanza.Message("x"))
	result, err := p.m.Fire(ctx, tune)
	if err != nil || result != nil {
		return result, err
	}
	return tune.String("notes") + tune.Stanza.Attr("last"), nil
}

// change hooks, unhooks, wraps and unwraps as the event says.
func (p *orchestra) change(_ context.Context, ev *sdk.Event) (any, error) {
	switch ev.String("what") {
	case "hook":
		p.unhook = append(p.unhook, p.m.Hook("tune", 7, note("own7")))
	case "wrap":
		p.unhook = append(p.unhook, p.m.Wrap("tune", func(ctx context.Context, ev *sdk.Event, next sdk.Handler) (any, error) {
			ev.Set("notes", "( ")
			result, err := next(ctx, ev)
			ev.Set("notes", ev.String("notes")+") ")
			return result, err
		}))
	case "undo":
		for _, undo := range p.unhook {
			undo()
		}
		p.unhook = nil
	}
	return true, nil
}

// Handlers of a plugin in a process and of others run by their priorities, whoever fires.
func TestEventsAcrossProcesses(t *testing.T) {
	s := newStage(t, nil)
	s.load("orchestra")
	bus := s.buses["a.example"]
	s.want("own10 own0 own0", "play")
	unhook := bus.Add(sdk.Hook{Event: "tune", Priority: 5, Handler: note("test5")})
	bus.Add(sdk.Hook{Event: "tune", Priority: 0, Handler: note("test0")})
	s.want("own10 test5 own0 test0 test0", "play")
	s.want(true, "change", "what", "hook")
	s.want("own10 own7 test5 own0 test0 test0", "play")
	unhook()
	s.want("own10 own7 own0 test0 test0", "play")
	unwrap := bus.Wrap("tune", "test", func(ctx context.Context, ev *sdk.Event, next sdk.Handler) (any, error) {
		ev.Set("notes", "[ ")
		result, err := next(ctx, ev)
		ev.Set("notes", ev.String("notes")+"] ")
		return result, err
	})
	s.want("[ own10 own7 own0 test0 ] test0", "play")
	s.want(true, "change", "what", "wrap")
	s.want("[ own10 own7 own0 test0 ] ) test0", "play") // the newest is outermost, and each begins anew
	unwrap()
	s.want("( own10 own7 own0 test0 ) test0", "play")
	s.want(true, "change", "what", "undo")
	s.want("own10 own0 test0 test0", "play")
	stop := bus.Add(sdk.Hook{Event: "tune", Priority: 5, Handler: func(context.Context, *sdk.Event) (any, error) { return "stopped", nil }})
	s.want("stopped", "play")
	stop()
	s.want("own10 own0 test0 test0", "play")
}

func TestOtherHostsTimersAndErrors(t *testing.T) {
	s := newStage(t, nil)
	s.load("orchestra")
	got, err := s.buses["*"].Fire(sdk.NewChain(t.Context()), sdk.NewEvent("global"))
	if got != "b.example" || err != nil {
		t.Errorf("another host's event: %v, %v", got, err)
	}
	s.want(true, "tick")
	if got := s.reply(); got != "tick" {
		t.Errorf("the timer sent %q", got)
	}
	s.buses["a.example"].Add(sdk.Hook{Event: "refuse", Handler: func(context.Context, *sdk.Event) (any, error) {
		return nil, stanza.NewError(stanza.Forbidden, "no")
	}})
	s.want("forbidden", "refused")
}
