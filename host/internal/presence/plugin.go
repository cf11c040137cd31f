// Package presence is the built-in plugin "presence": who is told that an account is there (RFC 6121 §4), and subscriptions (§3, with
// pre-approval §3.4). What a change does to the rosters is in package roster; here are the stanzas that go with it.
//
// Events on the host's bus: presence/initial {origin, stanza} when a session becomes available, and message/offline/broadcast {origin}
// when it begins to take messages. What it sends for a session passes the events of the sender's side (pre-presence/…), as if the
// client had sent it.
package presence

import (
	"context"

	"quatrain/host/internal/roster"
	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

const nsPreApproval = "urn:xmpp:features:pre-approval"

// Router brings presence on its way and knows the sessions.
type Router interface {
	// Process takes a stanza as from the client, Submit one that has been stamped; Post leaves out the events of the sender's side.
	Process(ctx context.Context, origin sdk.Session, st *stanza.Element) error
	Submit(ctx context.Context, origin sdk.Session, st *stanza.Element) error
	Post(ctx context.Context, origin sdk.Session, st *stanza.Element) error
	Session(fullJID string) *session.Session
	UserSessions(bareJID string) []*session.Session
	// Origin is a host of ours as the origin of stanzas.
	Origin(host string) sdk.Session
}

// deliverer is a module that can hook the core's own delivery.
type deliverer interface {
	HookDelivery(event string, priority float64, h sdk.Handler) (unhook func())
}

type plugin struct {
	router         Router
	rosters        *roster.Manager
	m              sdk.Module
	ignorePriority bool
}

// New is the plugin for one VirtualHost.
func New(router Router, rosters *roster.Manager) sdk.Plugin {
	return &plugin{router: router, rosters: rosters}
}

func (p *plugin) Load(_ context.Context, m sdk.Module) error {
	p.m = m
	p.ignorePriority, _ = m.Option("ignore_presence_priority").(bool)
	for _, class := range []string{"full", "bare", "host"} {
		m.Hook("pre-presence/"+class, 0, p.outbound)
	}
	hook := m.Hook
	if d, ok := m.(deliverer); ok {
		hook = d.HookDelivery
	}
	hook("presence/full", 0, p.full)
	m.Hook("presence/bare", 0, p.bare)
	m.Hook("presence/host", 0, p.host)
	m.Hook("resource-bind", 1000, p.bound) // modules expect session.roster
	m.Hook("resource-unbind", 0, p.unbound)
	m.Hook("roster-item-removed", -1, p.removed)
	m.Hook("stream-features", 0, p.features)
	return nil
}

func (p *plugin) features(_ context.Context, ev *sdk.Event) (any, error) {
	if f, ok := ev.Get("features").(*stanza.Element); ok && ev.Origin != nil && ev.Origin.Username() != "" {
		f.AddChild(stanza.New("sub", nsPreApproval))
	}
	return nil, nil
}

// bound loads the roster; without it the session cannot be.
func (p *plugin) bound(ctx context.Context, ev *sdk.Event) (any, error) {
	s, ok := ev.Get("session").(*session.Session)
	if !ok {
		return nil, nil
	}
	r, err := p.rosters.Load(ctx, s.Username(), s.Host())
	if err == nil {
		s.SetRoster(r)
	}
	return nil, err
}

// available tells whether the session takes part in presence.
func available(s *session.Session) bool {
	p, _ := s.Presence()
	return p != nil
}

// addressed is a copy of st for one recipient.
func addressed(st *stanza.Element, from, to string) *stanza.Element {
	c := st.Clone()
	c.SetAttr("from", from)
	c.SetAttr("to", to)
	return c
}

// sendAvailable sends "to" the presence of each of the account's available sessions and returns how many there are.
func (p *plugin) sendAvailable(ctx context.Context, account, to string) (n int) {
	for _, s := range p.router.UserSessions(account) {
		if there, _ := s.Presence(); there != nil {
			p.router.Submit(ctx, s, addressed(there, s.JID(), to))
			n++
		}
	}
	return n
}

// sendGone tells "to" that the account's sessions are not available to it any more.
func (p *plugin) sendGone(ctx context.Context, account, to string) {
	for _, s := range p.router.UserSessions(account) {
		if available(s) {
			p.router.Post(ctx, s, stanza.Presence("type", "unavailable", "from", s.JID(), "to", to))
		}
	}
}

// sendPresence sends "to" the account's presence, or that nobody is there.
func (p *plugin) sendPresence(ctx context.Context, account, to string) {
	if p.sendAvailable(ctx, account, to) == 0 {
		p.send(ctx, account, to, "unavailable")
	}
}

// send sends a bare presence of a type from an account, by the host. Plugins see it on the sender's side, too.
func (p *plugin) send(ctx context.Context, from, to, typ string) {
	p.router.Submit(sdk.WithChain(ctx), p.router.Origin(p.m.Host()), stanza.Presence("type", typ, "from", from, "to", to))
}

func (p *plugin) refuse(ctx context.Context, ev *sdk.Event) {
	reply := stanza.ErrorReply(ev.Stanza, stanza.NewError(stanza.BadRequest, "Invalid presence type"))
	if reply != nil {
		ev.Origin.Send(ctx, reply)
	}
}
