package router

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
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
	f := fanout{r: r, ctx: ctx, origin: origin, st: st, from: st.From(), name: delivery(st.Kind(), st.Type())}
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

// SendEach sends stanzas of a host of ours to one recipient, each as Broadcast does.
func (r *Router) SendEach(ctx context.Context, from, to string, list iter.Seq[*stanza.Printed]) error {
	origin := r.Host(from)
	if origin == nil {
		return fmt.Errorf("sending to %q from %q: not a host of ours", to, from)
	}
	ctx = sdk.WithChain(ctx)
	defer session.Cork(ctx)()
	f, s := fanout{r: r, ctx: ctx, origin: origin}, r.table.session(to)
	for p := range list {
		if err := f.sendPrinted(p, s, to); err != nil {
			return err
		}
	}
	return nil
}

// delivery is the event whose handler hands a stanza to the session at a full JID, if that is all that can become of it there: presence about a
// subscription is more. Else it is "".
func delivery(kind stanza.Kind, typ string) string {
	if kind == stanza.KindPresence && typ != "" && typ != "unavailable" && typ != "error" {
		return ""
	}
	return arriving[kindIndex(kind)][full]
}

// fanout is one broadcast on its way.
type fanout struct {
	r        *Router
	ctx      context.Context
	origin   *Host
	st       *stanza.Element // nil while nobody wants to see what is rendered
	from     string          // in st
	name     string          // of the event that delivery would fire, "" for a stanza that must not skip it
	rendered stanza.Rendered

	domain string // of the last recipient
	asked  string // name for which direct holds
	direct bool   // whether delivery on that domain is only the core's
}

// sendPrinted sends a stanza to a recipient, whose session was s. It becomes a tree again only where somebody wants to see it.
func (f *fanout) sendPrinted(p *stanza.Printed, s *session.Session, to string) (err error) {
	if p.Kind() == stanza.NotStanza {
		return fmt.Errorf("sending %q: not a stanza", p.Bytes())
	}
	f.st, f.from, f.name, f.rendered = nil, p.From(), delivery(p.Kind(), p.Type()), p.Rendered
	if f.deliver(s, to) {
		return nil
	}
	if f.st, err = p.Tree(xmlstream.ParseElement); err != nil {
		return fmt.Errorf("sending what was printed: %w", err)
	}
	return f.post(to)
}

// deliver appends to the recipient's session, which may be nil, if there is nothing to ask before.
func (f *fanout) deliver(s *session.Session, address string) bool {
	if s == nil || f.name == "" || s.FilteredOut() {
		return false
	}
	if host := domainOf(address); host != f.domain || f.name != f.asked { // the session would say the same, from elsewhere
		h := f.r.Host(host)
		f.domain, f.asked, f.direct = host, f.name, h != nil && h.bus.Has(f.name) && h.bus.OnlyDelivery(f.name)
	}
	if !f.direct {
		return false
	}
	if f.rendered.IsZero() {
		f.rendered = stanza.Render(f.st)
	}
	return s.SendRendered(f.ctx, f.rendered, f.from, address) == nil
}

// domainOf is the domain of a full JID that is known to be one.
func domainOf(full string) string {
	_, rest, _ := strings.Cut(full, "@")
	domain, _, _ := strings.Cut(rest, "/")
	return domain
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
