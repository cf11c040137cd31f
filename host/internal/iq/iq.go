// Package iq is the built-in plugin "iq": it refines IQ events by payload (RFC 6121 §8.2.3, §8.5.3) and delivers those for a full JID.
package iq

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Sessions finds who an IQ for a full JID goes to.
type Sessions interface {
	// Find is the bound session of a full JID, nil if there is none.
	Find(fullJID string) sdk.Session
}

// Deliverer is a module that can hook the core's own delivery.
type Deliverer interface {
	HookDelivery(event string, priority float64, h sdk.Handler) (unhook func())
}

type plugin struct{ sessions Sessions }

// New is the plugin for one host.
func New(sessions Sessions) sdk.Plugin { return &plugin{sessions} }

func (p *plugin) Load(_ context.Context, m sdk.Module) error {
	if m.HostType() == sdk.HostLocal {
		m.(Deliverer).HookDelivery("iq/full", 0, p.deliver)
	}
	for _, class := range []string{"bare", "self", "host"} {
		m.(Deliverer).HookDelivery("iq/"+class, 0, refine(m, class))
	}
	return nil
}

// deliver hands an IQ to the session it names; a request that finds none is refused by the router.
func (p *plugin) deliver(ctx context.Context, ev *sdk.Event) (any, error) {
	s := p.sessions.Find(ev.Stanza.Attr("to"))
	if s == nil {
		return nil, nil
	}
	if err := s.Send(ctx, ev.Stanza); err != nil {
		return nil, nil
	}
	return true, nil
}

// refine fires the events by payload: iq/CLASS/NS:NAME and iq-get or iq-set/CLASS/NS:NAME for requests, iq-result or iq-error/CLASS/ID for
// answers.
func refine(m sdk.Module, class string) sdk.Handler {
	return func(ctx context.Context, ev *sdk.Event) (any, error) {
		typ := ev.Stanza.Attr("type")
		if typ != "get" && typ != "set" {
			return refire(ctx, m, ev, "iq-"+typ+"/"+class+"/"+ev.Stanza.Attr("id"))
		}
		payload := name(ev.Stanza)
		if result, err := refire(ctx, m, ev, "iq/"+class+"/"+payload); result != nil || err != nil {
			return result, err
		}
		return refire(ctx, m, ev, "iq-"+typ+"/"+class+"/"+payload)
	}
}

// name is NS:NAME of a request's payload; without a namespace of its own it has the stream's.
func name(st *stanza.Element) string {
	if len(st.Tags) == 0 {
		return ""
	}
	ns := st.Tags[0].NS()
	if ns == "" {
		ns = stanza.NSClient
	}
	return ns + ":" + st.Tags[0].Name
}

// refire fires the same event under another name; the handlers see and change one event.
func refire(ctx context.Context, m sdk.Module, ev *sdk.Event, name string) (any, error) {
	if !m.Bus().Has(name) {
		return nil, nil
	}
	return m.Fire(ctx, ev.As(name))
}
