// Package message is the built-in plugin "message": where messages to accounts of a host go (RFC 6121 §8.5).
package message

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// Sessions finds who is there to get a message.
type Sessions interface {
	// Find is the bound session of a full JID, nil if there is none.
	Find(fullJID string) sdk.Session
	// Top are the available sessions of a bare JID with the highest non-negative priority.
	Top(bareJID string) []sdk.Session
	// Available are the sessions of a bare JID whose priority is not negative.
	Available(bareJID string) []sdk.Session
}

// Accounts may be implemented by Sessions that know more than who is there; without it every account counts as existing.
type Accounts interface {
	Exists(ctx context.Context, username, host string) (bool, error)
}

// Deliverer is a module that can hook the core's own delivery.
type Deliverer interface {
	HookDelivery(event string, priority float64, h sdk.Handler) (unhook func())
}

// after lets ordinary hooks of modules come first.
const after = -1

type plugin struct {
	sessions Sessions
	m        sdk.Module
}

// New is the plugin for one VirtualHost.
func New(sessions Sessions) sdk.Plugin { return &plugin{sessions: sessions} }

func (p *plugin) Load(_ context.Context, m sdk.Module) error {
	p.m = m
	d := m.(Deliverer)
	d.HookDelivery("message/full", after, p.full)
	d.HookDelivery("message/bare", after, p.bare)
	return nil
}

// full delivers to the session, or else as to the bare JID (RFC 6121 §8.5.3).
func (p *plugin) full(ctx context.Context, ev *sdk.Event) (any, error) {
	if s := p.sessions.Find(ev.Stanza.Attr("to")); s != nil && s.Send(ctx, ev.Stanza) == nil {
		return true, nil
	}
	return p.toBare(ctx, ev)
}

func (p *plugin) bare(ctx context.Context, ev *sdk.Event) (any, error) { return p.toBare(ctx, ev) }

// toBare delivers by type (RFC 6121 §8.5.2).
func (p *plugin) toBare(ctx context.Context, ev *sdk.Event) (any, error) {
	account, err := recipient(ev)
	if err != nil {
		return nil, nil
	}
	switch ev.Stanza.Attr("type") {
	case "error":
		return true, nil
	case "groupchat":
		return p.groupchat(ctx, ev, account)
	case "headline": // for one session that is gone it is of no use to others (RFC 6121 §8.5.3.2.1)
		if to := ev.Stanza.To(); to == "" || to == account.String() {
			p.send(ctx, ev.Stanza, p.sessions.Available(account.String()))
		}
		return true, nil
	}
	if p.send(ctx, ev.Stanza, p.sessions.Top(account.String())) {
		return true, nil
	}
	return p.offline(ctx, ev, account)
}

// recipient is the bare JID that a message is for; one without "to" is for the account of the session it came from, whatever a plugin has
// made of "from".
func recipient(ev *sdk.Event) (jid.JID, error) {
	to := ev.Stanza.Attr("to")
	if to == "" && ev.Origin != nil {
		to = ev.Origin.JID()
	}
	if to == "" {
		to = ev.Stanza.Attr("from")
	}
	j, err := jid.Parse(to)
	return j.Bare(), err
}

// groupchat to an account is for whoever hooks it: a full JID that is gone must not let it reach other sessions.
func (p *plugin) groupchat(ctx context.Context, ev *sdk.Event, account jid.JID) (any, error) {
	if ev.Stanza.Attr("to") != account.String() || !p.m.Bus().Has("message/bare/groupchat") {
		return nil, nil
	}
	if ok, err := p.exists(ctx, account); !ok || err != nil {
		return nil, err
	}
	return p.m.Fire(ctx, ev.As("message/bare/groupchat"))
}

func (p *plugin) send(ctx context.Context, st *stanza.Element, sessions []sdk.Session) (sent bool) {
	for _, s := range sessions {
		if s.Send(ctx, st) == nil {
			sent = true
		}
	}
	return sent
}

// offline lets a plugin keep the message for later, if there is such an account.
func (p *plugin) offline(ctx context.Context, ev *sdk.Event, account jid.JID) (any, error) {
	if ok, err := p.exists(ctx, account); !ok || err != nil || !p.m.Bus().Has("message/offline/handle") {
		return nil, err
	}
	late := ev.As("message/offline/handle")
	late.Set("username", account.Local())
	return p.m.Fire(ctx, late)
}

func (p *plugin) exists(ctx context.Context, account jid.JID) (bool, error) {
	if a, ok := p.sessions.(Accounts); ok {
		return a.Exists(ctx, account.Local(), account.Domain())
	}
	return true, nil
}
