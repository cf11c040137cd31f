package router

import (
	"context"
	"fmt"

	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// Broadcast sends a stanza of a host of ours to many recipients: it is printed once, and a recipient costs one look-up, if the list is a new one, and the copying
// of the bytes, as long as no module hooks the delivery. Recipients that are hooked, filtered, on other servers or offline get a stanza of
// their own on the ordinary way. st itself is not changed.
func (r *Router) Broadcast(ctx context.Context, from string, to []string, st *stanza.Element) error {
	origin := r.Host(from)
	if origin == nil || st.Kind() == stanza.NotStanza {
		return fmt.Errorf("broadcast of %q from %q: want a stanza of a host of ours", st.Name, from)
	}
	ctx = sdk.WithChain(ctx)
	defer session.Cork(ctx)()
	f := fanout{r: r, ctx: ctx, origin: origin, st: st, from: st.From()}
	if deliverable(st) {
		f.name = arriving[kindIndex(st)][full]
	}
	audience := r.heard.of(to, &r.table)
	changed := false
	for i, address := range to {
		s, ended := audience.session(i)
		if s == nil {
			s, changed = r.table.session(address), changed || ended
		}
		if !f.deliver(s, address) {
			if err := f.post(address); err != nil {
				return err
			}
		}
	}
	if changed {
		r.heard.forget(audience)
	}
	return nil
}

// deliverable tells whether all that can become of the stanza at a session's address is to be handed to the session: presence about a
// subscription is more.
func deliverable(st *stanza.Element) bool {
	switch typ := st.Type(); {
	case st.Name != "presence":
		return true
	default:
		return typ == "" || typ == "unavailable" || typ == "error"
	}
}

// fanout is one broadcast on its way.
type fanout struct {
	r        *Router
	ctx      context.Context
	origin   *Host
	st       *stanza.Element
	from     string // in st
	name     string // of the event that delivery would fire, "" for a stanza that must not skip it
	rendered stanza.Rendered

	domain string // of the last recipient
	direct bool   // whether delivery on that domain is only the core's
}

// deliver appends to the recipient's session, which may be nil, if there is nothing to ask before.
func (f *fanout) deliver(s *session.Session, address string) bool {
	if s == nil || f.name == "" || s.FilteredOut() {
		return false
	}
	if _, host, _ := jid.Split(address); host != f.domain { // the session would say the same, from elsewhere
		h := f.r.Host(host)
		f.domain, f.direct = host, h != nil && h.bus.Has(f.name) && h.bus.OnlyDelivery(f.name)
	}
	if !f.direct {
		return false
	}
	if f.rendered.IsZero() {
		f.rendered = stanza.Render(f.st)
	}
	return s.SendRendered(f.ctx, f.rendered, f.from, address) == nil
}

func (f *fanout) post(address string) error {
	if _, err := jid.Parse(address); err != nil {
		f.r.log.Warn("broadcast to a malformed address", "host", f.origin.name, "jid", address, "err", err)
		return nil
	}
	copied := f.st.Clone()
	copied.SetAttr("to", address)
	return f.r.Post(f.ctx, f.origin, copied)
}
