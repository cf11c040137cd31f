package router

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/google/uuid"

	"quatrain/host/internal/session"
	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// Conflict says what happens when a resource is asked for that another session of the user has (RFC 6120 §7.7.2.2).
type Conflict string

const (
	KickOld Conflict = "kick_old" // the other session ends
	KickNew Conflict = "kick_new" // the request is refused
	Random  Conflict = "random"   // the new session gets a resource of the server's choice
)

// BindOptions are what the configuration says about binding.
type BindOptions struct {
	Conflict Conflict
	// MaxResources is how many sessions a user may have; 0: any number.
	MaxResources int
}

// Bind gives an authenticated session a resource; "" lets the server choose. The error is a *stanza.Error for the client.
//
// Events on the host's bus: pre-resource-bind {session, resource, error}: false refuses, the handler may have set an error; then
// resource-bind {session}: an error of it undoes the binding.
func (r *Router) Bind(ctx context.Context, s *session.Session, resource string, o BindOptions) error {
	h := r.Host(s.Host())
	if h == nil || s.Type() != sdk.TypeUnbound {
		return stanza.NewError(stanza.NotAllowed, "the session cannot bind a resource now")
	}
	if resource == "" {
		resource = uuid.NewString()
	}
	prepared, err := jid.New(s.Username(), s.Host(), resource)
	if err != nil {
		return stanza.NewError(stanza.BadRequest, "the resource is not valid")
	}
	resource = prepared.Resource()
	if err := r.mayBind(ctx, h, s, &resource); err != nil {
		return err
	}
	replaces := o.Conflict != KickNew && o.Conflict != Random && r.table.session(s.BareJID()+"/"+resource) != nil
	if o.MaxResources > 0 && !replaces && len(r.table.of(s.BareJID())) >= o.MaxResources {
		return stanza.NewError(stanza.ResourceConstraint, "too many sessions of this user")
	}
	if err := r.claim(ctx, s, resource, o.Conflict); err != nil {
		return err
	}
	if !h.bus.Has("resource-bind") {
		return nil
	}
	ev := &sdk.Event{Name: "resource-bind"}
	ev.Set("session", sdk.Session(s))
	if _, err := h.bus.Fire(ctx, ev); err != nil {
		r.table.remove(s.JID(), s.BareJID(), s)
		s.Unbound()
		return stanza.NewError(stanza.InternalServerError, "")
	}
	return nil
}

func (r *Router) mayBind(ctx context.Context, h *Host, s *session.Session, resource *string) error {
	if !h.bus.Has("pre-resource-bind") {
		return nil
	}
	ev := sdk.NewEvent("pre-resource-bind", "session", sdk.Session(s), "resource", *resource)
	result, err := h.bus.Fire(ctx, ev)
	if err != nil {
		return stanza.NewError(stanza.InternalServerError, "")
	}
	if result == false {
		if e, ok := ev.Get("error").(*stanza.Error); ok {
			return e
		}
		return stanza.NewError(stanza.NotAllowed, "")
	}
	if changed := ev.String("resource"); changed != "" {
		*resource = changed
	}
	return nil
}

// claim lists the session under a resource, by the policy for one that is taken.
func (r *Router) claim(ctx context.Context, s *session.Session, resource string, policy Conflict) error {
	bare := s.BareJID()
	for range 8 {
		s.Bound(resource) // first: whoever finds the session finds it complete
		full := s.JID()   // the string that its stanzas are stamped with, so that it is kept once
		if r.table.put(full, bare, s) {
			s.OnClose(func(ctx context.Context, reason *stanza.StreamError) { r.Unbind(ctx, s, because(reason)) })
			return nil
		}
		s.Unbound()
		switch policy {
		case KickNew:
			return stanza.NewError(stanza.Conflict, "the resource is in use")
		case Random:
			resource += "-" + uuid.NewString()[:8]
		default:
			if old := r.table.session(full); old != nil {
				old.Close(ctx, &stanza.StreamError{Condition: "conflict", Text: "Replaced by new connection"})
				r.table.remove(full, bare, old) // even if a module would have kept it
			}
		}
	}
	return stanza.NewError(stanza.Conflict, "the resource is in use")
}

// because is what others are told of a session's end: the text, or else the condition; nothing for a regular one.
func because(reason *stanza.StreamError) error {
	switch {
	case reason == nil:
		return nil
	case reason.Text != "":
		return errors.New(reason.Text)
	}
	return errors.New(reason.Condition)
}

// Unbind takes a bound session out of the table and fires resource-unbind {session, error} on its host's bus. A handler of
// pre-resource-unbind that returns true keeps it (stream management). It may be called more than once.
func (r *Router) Unbind(ctx context.Context, s *session.Session, reason error) (kept bool) {
	full, bare := s.JID(), s.BareJID()
	h := r.Host(s.Host())
	if full == "" || h == nil || r.table.session(full) != s {
		return false
	}
	ev := sdk.NewEvent("pre-resource-unbind", "session", sdk.Session(s))
	if reason != nil {
		ev.Set("error", reason.Error())
	}
	if h.bus.Has(ev.Name) {
		if keep, _ := h.bus.Fire(ctx, ev); keep == true {
			return true
		}
	}
	if r.table.remove(full, bare, s) && h.bus.Has("resource-unbind") {
		h.bus.Fire(ctx, ev.As("resource-unbind")) // failures are logged by the bus; the session ends all the same
	}
	return false
}

// Session is the session of a full JID, or nil.
func (r *Router) Session(full string) *session.Session { return r.table.session(full) }

// UserSessions are the bound sessions of a bare JID. The list must not be changed.
func (r *Router) UserSessions(bare string) []*session.Session { return r.table.of(bare) }

// Sessions iterates over all bound sessions.
func (r *Router) Sessions() iter.Seq[*session.Session] { return r.table.all() }

// OnlineUsers lists the localparts of a host that have a bound session, sorted.
func (r *Router) OnlineUsers(host string) []string {
	var users []string
	for s := range r.table.all() {
		if s.Host() == host {
			users = append(users, s.Username())
		}
	}
	slices.SortFunc(users, strings.Compare)
	return slices.Compact(users)
}

// IsOnline is whether a localpart of a host has a bound session.
func (r *Router) IsOnline(username, host string) bool { return len(r.table.of(username+"@"+host)) > 0 }

// TopSessions are the available sessions of a bare JID with the highest priority, if that is not negative (RFC 6121 §8.5.2.1.1).
func (r *Router) TopSessions(bare string) []*session.Session {
	var top []*session.Session
	best := 0
	for _, s := range r.table.of(bare) {
		p, priority := s.Presence()
		switch {
		case p == nil || priority < best:
		case priority > best:
			best, top = priority, []*session.Session{s}
		default:
			top = append(top, s)
		}
	}
	return top
}
