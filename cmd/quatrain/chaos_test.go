package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// servedInTest is what the plugin processes of this package's tests serve: the program's own plugins and those below.
func servedInTest(word, name string) func() sdk.Plugin {
	switch name {
	case "chaos":
		return func() sdk.Plugin { return &chaos{} }
	case "echo":
		return func() sdk.Plugin { return &echo{} }
	}
	return served(word, name)
}

// echo sends every message back.
type echo struct{}

func (*echo) Load(_ context.Context, m sdk.Module) error {
	m.Serve("message/bare", 0, func(ctx context.Context, ev *sdk.Event) (any, error) {
		return true, m.Send(ctx, nil, reply(ev.Stanza))
	})
	return nil
}

func reply(st *stanza.Element) *stanza.Element {
	return stanza.Message(st.ChildText("body", ""), "from", st.To(), "to", st.From(), "type", "chat")
}

// chaos does what a message tells it to.
type chaos struct{ m sdk.Module }

func (p *chaos) Load(_ context.Context, m sdk.Module) error {
	p.m = m
	m.Serve("message/bare", 0, func(ctx context.Context, ev *sdk.Event) (any, error) {
		word := ev.Stanza.ChildText("body", "")
		do := p.deeds()[word]
		if do == nil {
			return true, m.Send(ctx, nil, reply(ev.Stanza))
		}
		return do(ctx, ev)
	})
	return nil
}

func (p *chaos) deeds() map[string]sdk.Handler {
	return map[string]sdk.Handler{
		"die": func(context.Context, *sdk.Event) (any, error) {
			os.Exit(3)
			return nil, nil
		},
		"panic": func(context.Context, *sdk.Event) (any, error) { panic("as asked") },
		"hang":  func(ctx context.Context, _ *sdk.Event) (any, error) { select {} },
		"flood": func(ctx context.Context, ev *sdk.Event) (any, error) {
			for i := range 20000 {
				st := stanza.Message(strings.Repeat("flood", 20), "from", p.m.Host(), "to", "nobody@localhost", "type", "headline", "id", fmt.Sprint(i))
				if err := p.m.Send(ctx, nil, st); err != nil {
					return nil, err
				}
			}
			return true, nil
		},
		"forge": func(ctx context.Context, ev *sdk.Event) (any, error) {
			return true, p.m.Send(ctx, nil, stanza.New("message", "", "from", "romeo@localhost", "to", ev.Stanza.From()))
		},
		"nonsense": func(ctx context.Context, ev *sdk.Event) (any, error) {
			return true, p.m.Send(ctx, nil, stanza.New("sonnet", "", "from", p.m.Host(), "to", "@@"))
		},
	}
}
