package router

import (
	"cmp"
	"context"

	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// Handle takes one element from a session's stream. The session's stanzas are handed in one after the other. An error ends the stream.
func (r *Router) Handle(ctx context.Context, s *session.Session, st *stanza.Element) *stanza.StreamError {
	if s.Filtered() {
		filtered, ok := s.Filter(ctx, "stanzas/in", st).(*stanza.Element)
		if !ok {
			return nil
		}
		st = filtered
	}
	if s.Type() == sdk.TypeC2S && st.Kind() != stanza.NotStanza {
		r.Process(ctx, s, st)
		return nil
	}
	return r.element(ctx, s, st)
}

// element is what is no stanza of a bound session: stream negotiation, acknowledgements and the like.
func (r *Router) element(ctx context.Context, s *session.Session, st *stanza.Element) *stanza.StreamError {
	h := r.Host(s.Host())
	if h == nil {
		return &stanza.StreamError{Condition: "host-unknown"}
	}
	ev := sdk.StanzaEvent(elementEvent(st), s, st)
	result, err := h.bus.Fire(ctx, ev)
	switch {
	case err != nil:
		return &stanza.StreamError{Condition: "internal-server-error"}
	case truth(result):
		return nil
	case st.Kind() != stanza.NotStanza: // RFC 6120 §4.9.3.12, §7.1
		return &stanza.StreamError{Condition: "not-authorized"}
	}
	return &stanza.StreamError{Condition: "unsupported-stanza-type"}
}

func elementEvent(st *stanza.Element) string {
	if ns := st.NS(); ns != "" && ns != stanza.NSClient {
		return "stanza/" + ns + ":" + st.Name
	}
	if st.IsRequest() && len(st.Tags) > 0 && st.Tags[0].NS() != "" {
		return "stanza/iq/" + st.Tags[0].NS() + ":" + st.Tags[0].Name
	}
	return "stanza/" + st.Name
}

// Process takes a stanza from outside: it checks what RFC 6120 §8 demands, stamps the sender and goes on with Submit, or with Post for
// what comes from no client. What is wrong with a stanza is answered, not returned.
func (r *Router) Process(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	client := origin.Type() == sdk.TypeC2S
	if client {
		if st.IsError() && len(st.Tags) == 0 {
			return nil
		}
		if text := badIQ(st); text != "" {
			return r.refuse(ctx, origin, st, stanza.NewError(stanza.BadRequest, text))
		}
		st.SetAttr("from", origin.JID())
	} else if !prepare(st, "from") {
		return r.refuse(ctx, origin, st, stanza.NewError(stanza.JIDMalformed, "The source address is invalid"))
	}
	if !prepare(st, "to") {
		return r.refuse(ctx, origin, st, stanza.NewError(stanza.JIDMalformed, "The destination address is invalid"))
	}
	if s, ok := origin.(*session.Session); ok && client {
		s.HoldUp(ctx, st)
	}
	if st.Kind() == stanza.NotStanza || !established(origin.Type()) {
		return r.negotiate(ctx, origin, st)
	}
	return r.post(ctx, origin, st, client)
}

// established is whether stanzas pass on a stream of the type, or whether they are still part of its negotiation.
func established(typ string) bool {
	switch typ {
	case sdk.TypeC2S, sdk.TypeComponent, sdk.TypeLocal, sdk.TypeS2SIn, sdk.TypeS2SOut:
		return true
	}
	return false
}

// negotiate brings an element of a module's own stream to the handlers of the host that it is for.
func (r *Router) negotiate(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	remote, _ := origin.Field("to_host")
	remoteHost, _ := remote.(string)
	if h := r.Host(cmp.Or(st.To(), origin.Host(), remoteHost)); h != nil {
		result, err := h.bus.Fire(ctx, sdk.StanzaEvent(elementEvent(st), origin, st))
		if err != nil || truth(result) {
			return err
		}
	}
	if st.Kind() == stanza.NotStanza {
		origin.Close(ctx, &stanza.StreamError{Condition: "unsupported-stanza-type"})
		return nil
	}
	return r.refuse(ctx, origin, st, stanza.NewError(stanza.ServiceUnavailable, ""))
}

// prepare replaces an address by its prepared form; false if it is none.
func prepare(st *stanza.Element, attr string) bool {
	address, ok := st.LookupAttr(attr)
	if !ok {
		return true
	}
	j, err := jid.Parse(address)
	if err != nil {
		return false
	}
	if s := j.String(); s != address {
		st.SetAttr(attr, s)
	}
	return true
}

// badIQ says what is wrong with an IQ (RFC 6120 §8.2.3), "" if nothing is or it is none.
func badIQ(st *stanza.Element) string {
	if st.Kind() != stanza.KindIQ {
		return ""
	}
	typ := st.Type()
	switch {
	case typ != "get" && typ != "set" && typ != "result" && typ != "error":
		return "Invalid IQ type"
	case st.ID() == "":
		return "Missing required 'id' attribute"
	case (typ == "get" || typ == "set") && len(st.Tags) != 1:
		return "Incorrect number of children for IQ stanza"
	}
	return ""
}

// refuse answers a stanza with an error, unless it is itself an answer.
func (r *Router) refuse(ctx context.Context, origin sdk.Session, st *stanza.Element, e *stanza.Error) error {
	if st.IsError() || st.Type() == "result" && st.Kind() == stanza.KindIQ {
		return nil
	}
	return origin.Send(ctx, stanza.ErrorReply(st, e))
}
