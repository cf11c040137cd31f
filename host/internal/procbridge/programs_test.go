package procbridge_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// programs are the plugins of these tests.
var programs = map[string]func() sdk.Plugin{
	"moody":     func() sdk.Plugin { return &moody{} },
	"dependent": func() sdk.Plugin { return &dependent{} },
	"orchestra": func() sdk.Plugin { return &orchestra{} },
	"benched":   func() sdk.Plugin { return benched{} },
	"shared":    func() sdk.Plugin { return &shared{} },
	"refuses":   func() sdk.Plugin { return loadFunc(func() error { return errors.New("not on a Monday") }) },
	"panics":    func() sdk.Plugin { return loadFunc(func() error { panic("at once") }) },
	"exits": func() sdk.Plugin {
		return loadFunc(func() error {
			fmt.Fprintln(os.Stderr, "last words")
			time.Sleep(50 * time.Millisecond) // the words go another way than the end
			os.Exit(3)
			return nil
		})
	},
}

type loadFunc func() error

func (f loadFunc) Load(context.Context, sdk.Module) error { return f() }

// moody does what messages ask for.
type moody struct {
	m     sdk.Module
	count float64
}

func (p *moody) Load(ctx context.Context, m sdk.Module) error {
	p.m = m
	if m.Option("die_on_reload") == true && m.Reloading() {
		os.Exit(4)
	}
	p.count, _ = m.Kept()["count"].(float64)
	m.AddItem(ctx, "feature", "urn:moody")
	m.Hook("count", 0, func(context.Context, *sdk.Event) (any, error) {
		p.count++
		m.Keep("count", p.count)
		return p.count, nil
	})
	m.Hook("pid", 0, func(context.Context, *sdk.Event) (any, error) { return float64(os.Getpid()), nil })
	m.Hook("reloading", 0, func(context.Context, *sdk.Event) (any, error) { return m.Reloading(), nil })
	m.Hook("kept", 0, func(context.Context, *sdk.Event) (any, error) { return m.Kept(), nil })
	m.Hook("crash", 0, func(context.Context, *sdk.Event) (any, error) {
		go func() { panic("in a goroutine of its own") }()
		select {}
	})
	m.Hook("hang", 0, func(ctx context.Context, _ *sdk.Event) (any, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	m.Hook("stop", 0, func(ctx context.Context, _ *sdk.Event) (any, error) {
		err := syscall.Kill(os.Getpid(), syscall.SIGSTOP)
		<-ctx.Done() // the signal takes its time
		return nil, err
	})
	m.Hook("big", 0, func(_ context.Context, ev *sdk.Event) (any, error) {
		size, _ := ev.Get("size").(float64)
		return strings.Repeat("x", int(size)), nil
	})
	m.Hook("flood", 0, func(ctx context.Context, ev *sdk.Event) (any, error) {
		for i := range 1000 {
			if err := m.Send(ctx, nil, stanza.Message(fmt.Sprint(i), "from", "room@a.example", "to", "romeo@b.example")); err != nil {
				return nil, err
			}
		}
		return true, nil
	})
	m.Hook("forge one of many", 0, func(ctx context.Context, _ *sdk.Event) (any, error) {
		var list []*stanza.Printed
		for i, from := range []string{"room@a.example", "admin@b.example", "room@a.example"} {
			list = append(list, stanza.Print(stanza.Message(fmt.Sprint(i), "from", from)))
		}
		return true, m.SendEach(ctx, "romeo@b.example", slices.Values(list))
	})
	m.Hook("forge", 0, func(ctx context.Context, ev *sdk.Event) (any, error) {
		return true, m.Send(ctx, nil, stanza.Message("forged", "from", "admin@b.example", "to", "romeo@b.example"))
	})
	m.Serve("message/bare", 0, p.message)
	return nil
}

func (p *moody) message(ctx context.Context, ev *sdk.Event) (any, error) {
	switch text := ev.Stanza.ChildText("body", ""); text {
	case "not mine":
		return nil, nil
	case "die":
		os.Exit(5)
	case "hang":
		select {}
	case "panic":
		panic("in a handler")
	default:
		return true, p.m.Send(ctx, nil, stanza.Message("re: "+text, "from", "room@a.example", "to", ev.Stanza.From()))
	}
	return true, nil
}

func (p *moody) Save(context.Context) (any, error) { return map[string]any{"count": p.count}, nil }

func (p *moody) Restore(_ context.Context, state any) error {
	m, _ := state.(map[string]any)
	p.count, _ = m["count"].(float64)
	return nil
}

func (p *moody) Export(_ context.Context, name string) (any, error) {
	if name == "pid" {
		return float64(os.Getpid()), nil
	}
	return nil, nil
}

// dependent knows the process of moody.
type dependent struct{}

func (*dependent) Load(ctx context.Context, m sdk.Module) error {
	if m.Option("dependent_refuses") == true {
		return errors.New("not now")
	}
	p, err := m.Depends(ctx, "moody", false)
	if err != nil {
		return err
	}
	pid, err := p.(sdk.Exporter).Export(ctx, "pid")
	if err != nil {
		return err
	}
	m.Hook("pid of moody", 0, func(context.Context, *sdk.Event) (any, error) { return pid, nil })
	return nil
}

// shared is a global plugin that serves hosts.
type shared struct{}

func (*shared) Load(_ context.Context, m sdk.Module) error {
	m.SetGlobal()
	m.HookGlobal("where", 0, func(context.Context, *sdk.Event) (any, error) { return m.Host(), nil })
	return nil
}

func (*shared) AddHost(_ context.Context, m sdk.Module) error {
	m.Hook("where", 0, func(context.Context, *sdk.Event) (any, error) { return m.Host(), nil })
	return nil
}
