package router

import (
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
	name := "stanza/" + st.Name
	if ns := st.NS(); ns != "" && ns != stanza.NSClient {
		name = "stanza/" + ns + ":" + st.Name
	} else if st.Kind() == stanza.KindIQ && len(st.Tags) == 1 {
		name = "stanza/iq/" + st.Tags[0].NS() + ":" + st.Tags[0].Name
	} else if st.Kind() != stanza.NotStanza && s.Type() == sdk.TypeUnauthed {
		return &stanza.StreamError{Condition: "not-authorized"}
	}
	result, err := h.bus.Fire(ctx, sdk.StanzaEvent(name, s, st))
	if err != nil {
		return &stanza.StreamError{Condition: "internal-server-error"}
	}
	if result == nil || result == false {
		return &stanza.StreamError{Condition: "unsupported-stanza-type"}
	}
	return nil
}

// Process takes a stanza from outside: it checks what RFC 6120 §8 demands, stamps the sender and goes on with Post. An error of the
// sender's is answered, not returned.
func (r *Router) Process(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	typ := st.Attr("type")
	if origin.Type() == sdk.TypeC2S {
		if typ == "error" && len(st.Tags) == 0 {
			return nil
		}
		st.SetAttr("from", origin.JID())
	}
	if st.Kind() == stanza.KindIQ && !validIQ(st) {
		return r.refuse(ctx, origin, st, &stanza.Error{Type: "modify", Condition: stanza.BadRequest, Text: "Invalid IQ type or incorrect number of children"})
	}
	if to, ok := st.LookupAttr("to"); ok {
		prepared, err := jid.Parse(to)
		if err != nil {
			return r.refuse(ctx, origin, st, &stanza.Error{Type: "modify", Condition: stanza.JIDMalformed})
		}
		if s := prepared.String(); s != to {
			st.SetAttr("to", s)
		}
	}
	return r.Post(ctx, origin, st)
}

// validIQ is RFC 6120 §8.2.3.
func validIQ(st *stanza.Element) bool {
	if st.Attr("id") == "" {
		return false
	}
	switch st.Attr("type") {
	case "get", "set":
		return len(st.Tags) == 1
	case "result", "error":
		return true
	}
	return false
}

// refuse answers a stanza with an error, unless it is itself an answer.
func (r *Router) refuse(ctx context.Context, origin sdk.Session, st *stanza.Element, e *stanza.Error) error {
	if typ := st.Attr("type"); typ == "error" || typ == "result" && st.Kind() == stanza.KindIQ {
		return nil
	}
	reply := stanza.ErrorReply(st, e)
	if reply == nil {
		return nil
	}
	return origin.Send(ctx, reply)
}
