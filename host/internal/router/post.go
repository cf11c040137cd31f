package router

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// class is the kind of a destination.
type class int

const (
	full class = iota
	bare
	host
)

// names of the events of a stanza, by kind and class, so that none is put together on the way.
var (
	arriving = [3][3]string{{"message/full", "message/bare", "message/host"}, {"presence/full", "presence/bare", "presence/host"}, {"iq/full", "iq/bare", "iq/host"}}
	leaving  = [3][3]string{{"pre-message/full", "pre-message/bare", "pre-message/host"}, {"pre-presence/full", "pre-presence/bare", "pre-presence/host"}, {"pre-iq/full", "pre-iq/bare", "pre-iq/host"}}
	toSelf   = [3]string{"message/self", "presence/self", "iq/self"}
)

func kindIndex(st *stanza.Element) int {
	switch st.Kind() {
	case stanza.KindMessage:
		return 0
	case stanza.KindPresence:
		return 1
	}
	return 2
}

// Post brings a stanza on its way: the events of the sender's side, then those of the destination's, or the way to another server. "from"
// has been stamped. Without "to" it is for the sender's own account.
func (r *Router) Post(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	if st.Kind() == stanza.NotStanza {
		return nil
	}
	kind := kindIndex(st)
	to, isSelf, c, e := r.destination(origin, st)
	if e != nil {
		return r.refuse(ctx, origin, st, e)
	}
	if origin.Type() == sdk.TypeC2S {
		done, err := r.leave(ctx, origin, st, leaving[kind][c], isSelf)
		if err != nil {
			return r.refuse(ctx, origin, st, stanza.NewError(stanza.InternalServerError, ""))
		}
		if done {
			return nil
		}
	}
	h := r.Host(to)
	if h == nil {
		return r.remote(ctx, origin, st, to)
	}
	return r.arrive(ctx, h, origin, st, kind, c, isSelf)
}

// destination is the domain a stanza goes to, whether that is the sender's own account, and the class of the address.
func (r *Router) destination(origin sdk.Session, st *stanza.Element) (domain string, self bool, c class, e *stanza.Error) {
	to, ok := st.LookupAttr("to")
	if !ok {
		return origin.Host(), true, bare, nil
	}
	j, err := jid.Parse(to)
	if err != nil {
		return "", false, 0, &stanza.Error{Type: "modify", Condition: stanza.JIDMalformed}
	}
	switch {
	case j.Local() == "":
		c = host
	case j.Resource() != "":
		c = full
	default:
		c = bare
		if origin.Type() == sdk.TypeC2S && j.Local() == origin.Username() && j.Domain() == origin.Host() {
			st.DelAttr("to")
			self = true
		}
	}
	return j.Domain(), self, c, nil
}

// leave fires the events of the sender's side; done means that a handler took the stanza.
func (r *Router) leave(ctx context.Context, origin sdk.Session, st *stanza.Element, name string, self bool) (done bool, err error) {
	h := r.Host(origin.Host())
	if h == nil {
		return false, nil
	}
	for _, name := range [...]string{"pre-stanza", name} {
		if !h.bus.Has(name) {
			continue
		}
		ev := sdk.StanzaEvent(name, origin, st)
		ev.ToSelf = self
		result, err := h.bus.Fire(ctx, ev)
		if err != nil {
			return false, err
		}
		if result != nil && (result != false || name == "pre-stanza") {
			return true, nil
		}
	}
	return false, nil
}

// arrive fires the events of the destination's side and answers for a stanza that nobody wants.
func (r *Router) arrive(ctx context.Context, h *Host, origin sdk.Session, st *stanza.Element, kind int, c class, self bool) error {
	for _, name := range [...]string{arriving[kind][c], toSelf[kind]} {
		if !h.bus.Has(name) {
			continue
		}
		ev := sdk.StanzaEvent(name, origin, st)
		ev.ToSelf = self
		result, err := h.bus.Fire(ctx, ev)
		if err != nil {
			return r.refuse(ctx, origin, st, stanza.NewError(stanza.InternalServerError, ""))
		}
		if result != nil && result != false {
			return nil
		}
		if !self {
			break
		}
	}
	return r.refuse(ctx, origin, st, stanza.NewError(stanza.ServiceUnavailable, ""))
}

// Route brings a stanza to its address without the events of the sender's side.
func (r *Router) Route(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	to, self, c, e := r.destination(origin, st)
	if e != nil {
		return r.refuse(ctx, origin, st, e)
	}
	if h := r.Host(to); h != nil {
		return r.arrive(ctx, h, origin, st, kindIndex(st), c, self)
	}
	return r.remote(ctx, origin, st, to)
}

// remote lets the modules of the sender's host carry the stanza to another server.
func (r *Router) remote(ctx context.Context, origin sdk.Session, st *stanza.Element, to string) error {
	_, from, _ := jid.Split(st.Attr("from"))
	if from == "" {
		from = origin.Host()
	}
	h := r.Host(from)
	if h != nil && h.bus.Has("route/remote") {
		ev := sdk.StanzaEvent("route/remote", origin, st)
		ev.Set("from_host", from)
		ev.Set("to_host", to)
		result, err := h.bus.Fire(ctx, ev)
		if err != nil {
			return r.refuse(ctx, origin, st, stanza.NewError(stanza.InternalServerError, ""))
		}
		if result != nil && result != false {
			return nil
		}
	}
	return r.refuse(ctx, origin, st, &stanza.Error{Type: "cancel", Condition: stanza.NotAllowed, Text: "Communication with remote domains is not enabled"})
}
