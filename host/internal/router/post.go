package router

import (
	"context"
	"errors"
	"fmt"

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

func kindIndex(kind stanza.Kind) int {
	switch kind {
	case stanza.KindMessage:
		return 0
	case stanza.KindPresence:
		return 1
	}
	return 2
}

// Post brings a stanza on its way by its address: the events of the destination's side, or the way to another server. "from" has been
// stamped. Without "to" it is for the sender's own account.
func (r *Router) Post(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	return r.post(ctx, origin, st, false)
}

// Submit is Post for what a client sends: before, the events of the sender's side see the stanza and may stop it.
func (r *Router) Submit(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	return r.post(ctx, origin, st, true)
}

func (r *Router) post(ctx context.Context, origin sdk.Session, st *stanza.Element, submitted bool) error {
	if st.Kind() == stanza.NotStanza {
		return fmt.Errorf("posting %q: not a stanza", st.Name)
	}
	to, self, c, e := r.destination(origin, st)
	if e != nil {
		return r.refuse(ctx, origin, st, e)
	}
	w := &way{r: r, origin: origin, st: st, kind: kindIndex(st.Kind()), class: c, self: self}
	if submitted {
		if done, err := w.leave(ctx); done || err != nil {
			return err
		}
	}
	if w.h = r.Host(to); w.h != nil {
		w.late = submitted
		return w.arrive(ctx)
	}
	return r.remote(ctx, origin, st, to)
}

// destination is the domain a stanza goes to, whether that is the sender's own account, and the class of the address.
func (r *Router) destination(origin sdk.Session, st *stanza.Element) (domain string, self bool, c class, e *stanza.Error) {
	to, ok := st.LookupAttr("to")
	if !ok {
		return origin.Host(), true, bare, nil
	}
	j, err := jid.Parse(to)
	if err != nil {
		return "", false, 0, stanza.NewError(stanza.JIDMalformed, "The destination address is invalid")
	}
	if s := j.String(); s != to {
		st.SetAttr("to", s)
	}
	switch {
	case j.Local() == "":
		return j.Domain(), false, host, nil
	case j.Resource() != "":
		return j.Domain(), false, full, nil
	}
	if self = j.Local() == origin.Username() && j.Domain() == origin.Host(); self {
		st.DelAttr("to")
	}
	return j.Domain(), self, bare, nil
}

// way is a stanza on its way. All events of it are the same event under different names.
type way struct {
	r      *Router
	origin sdk.Session
	st     *stanza.Element
	kind   int
	class  class
	self   bool
	ev     *sdk.Event // nil until somebody wants to see it, then the one below
	event  sdk.Event
	h      *Host // of the destination
	late   bool  // whether nobody waits for the stanza, so that a handler may answer later
}

// fire fires the event if anybody would see it. A failed handler has been logged by the bus, and is answered here: with its own error
// if that is one for the peer.
func (w *way) fire(ctx context.Context, bus sdk.Bus, name string) (result any, answered bool, err error) {
	if !bus.Has(name) {
		return nil, false, nil
	}
	if w.ev == nil {
		w.event = sdk.Event{Origin: w.origin, Stanza: w.st, ToSelf: w.self}
		w.ev = &w.event
	}
	w.ev.Name = name
	if w.late {
		w.ev.AcceptLate(w)
		w.r.late.begin()
	}
	result, err = bus.Fire(ctx, w.ev)
	if _, deferred := result.(*sdk.Deferral); w.late && !deferred {
		w.r.late.end()
	}
	if err != nil {
		return nil, true, w.r.refuse(ctx, w.origin, w.st, stanzaError(err))
	}
	return result, false, nil
}

// leave fires the events of the sender's side; done means that the stanza goes no further.
func (w *way) leave(ctx context.Context) (done bool, err error) {
	h := w.r.Host(w.origin.Host())
	if h == nil {
		return false, nil
	}
	result, answered, err := w.fire(ctx, h.bus, "pre-stanza")
	if answered || result != nil { // here false, too, is a refusal
		return true, err
	}
	result, answered, err = w.fire(ctx, h.bus, leaving[w.kind][w.class])
	return answered || truth(result), err
}

// arrive fires the events of the destination's side and answers for a stanza that nobody wants.
func (w *way) arrive(ctx context.Context) error {
	result, answered, err := w.fire(ctx, w.h.bus, arriving[w.kind][w.class])
	return w.end(ctx, result, answered, err)
}

// end is what follows the first event. A deferred one comes back through Finish.
func (w *way) end(ctx context.Context, result any, answered bool, err error) error {
	if !answered && !truth(result) && w.self {
		w.self = false
		result, answered, err = w.fire(ctx, w.h.bus, toSelf[w.kind])
	}
	if answered || truth(result) {
		return err
	}
	return w.r.refuse(ctx, w.origin, w.st, stanza.NewError(stanza.ServiceUnavailable, ""))
}

// Finish takes the late result of an event. Whoever sent the stanza is gone on to the next, so that an error is nobody's.
func (w *way) Finish(ctx context.Context, result any, err error) {
	defer w.r.late.end()
	answered := err != nil
	if answered {
		err = w.r.refuse(ctx, w.origin, w.st, stanzaError(err))
	}
	if err := w.end(ctx, result, answered, err); err != nil {
		w.r.log.Debug("a stanza was answered late, and the answer not delivered", "err", err)
	}
}

// truth is Lua's: whatever is neither nil nor false.
func truth(v any) bool { return v != nil && v != false }

// stanzaError is what the sender is told of a failed handler.
func stanzaError(err error) *stanza.Error {
	var e *stanza.Error
	if errors.As(err, &e) {
		return e
	}
	return stanza.NewError(stanza.InternalServerError, "")
}

// Route brings a stanza on its way whose origin may be unknown (nil): then it is the host in "from".
func (r *Router) Route(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	if origin == nil {
		_, from, _ := jid.Split(st.From())
		h := r.Host(from)
		if h == nil {
			return fmt.Errorf("routing a stanza from %q: not a host of ours", st.From())
		}
		origin = h
	}
	return r.Post(ctx, origin, st)
}

// remote lets the modules of the sender's host carry the stanza to another server.
func (r *Router) remote(ctx context.Context, origin sdk.Session, st *stanza.Element, to string) error {
	_, from, _ := jid.Split(st.From())
	if from == "" {
		from = origin.Host()
	}
	h := r.Host(from)
	if h == nil {
		return fmt.Errorf("routing a stanza from %q to %q: neither is a host of ours", from, to)
	}
	if h.bus.Has("route/remote") {
		ev := sdk.StanzaEvent("route/remote", origin, st)
		ev.Set("from_host", from)
		ev.Set("to_host", to)
		result, err := h.bus.Fire(ctx, ev)
		if err != nil {
			return r.refuse(ctx, origin, st, stanzaError(err))
		}
		if truth(result) {
			return nil
		}
	}
	return r.refuse(ctx, origin, st, stanza.NewError(stanza.NotAllowed, "Communication with remote domains is not enabled"))
}
