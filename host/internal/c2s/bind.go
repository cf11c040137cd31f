package c2s

import (
	"context"
	"errors"
	"fmt"

	"quatrain/host/internal/router"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// bindOptions are conflict_resolve ("kick_old", "kick_new", "random") and max_resources (10) of a host.
func bindOptions(m sdk.Module) (router.BindOptions, error) {
	o := router.BindOptions{Conflict: router.KickOld, MaxResources: 10}
	switch v := m.Option("conflict_resolve"); v {
	case nil, "kick_old":
	case "kick_new":
		o.Conflict = router.KickNew
	case "random", "increment": // another resource, in either way
		o.Conflict = router.Random
	default:
		return o, fmt.Errorf("conflict_resolve: want kick_old, kick_new or random, got %v", v)
	}
	switch v := m.Option("max_resources").(type) {
	case nil:
	case float64:
		o.MaxResources = int(v)
	default:
		return o, fmt.Errorf("max_resources: want a number, got %v", v)
	}
	return o, nil
}

// bind answers a request for a resource (RFC 6120 §7).
func (p *saslauth) bind(ctx context.Context, ev *sdk.Event) (any, error) {
	st := p.srv.streamOf(ev.Origin)
	if st == nil {
		return nil, nil
	}
	var err error = stanza.NewError(stanza.BadRequest, "")
	switch {
	case st.sess().Type() != sdk.TypeUnbound:
		err = stanza.NewError(stanza.NotAllowed, "")
	case ev.Stanza.Type() == "set":
		err = p.srv.cfg.Router.Bind(ctx, st.sess(), ev.Stanza.Child("bind", stanza.NSBind).ChildText("resource", stanza.NSBind), p.binding)
	}
	if err == nil {
		reply := stanza.Reply(ev.Stanza)
		reply.AddChild(stanza.New("bind", stanza.NSBind).AddChild(stanza.New("jid", stanza.NSBind).AddText(st.sess().JID())))
		return true, st.send(ctx, reply)
	}
	var refusal *stanza.Error
	if !errors.As(err, &refusal) {
		return true, err
	}
	return true, st.send(ctx, stanza.ErrorReply(ev.Stanza, refusal))
}

// session answers the request for a session of RFC 3921, which today comes with the resource.
func (p *saslauth) session(ctx context.Context, ev *sdk.Event) (any, error) {
	if ev.Stanza.Type() != "set" {
		return nil, nil
	}
	return true, ev.Origin.Send(ctx, stanza.Reply(ev.Stanza))
}
