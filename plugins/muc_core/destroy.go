package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// The end of a room (XEP-0045 #destroyroom; M175–M177).

func (s *service) loadDestroy(context.Context) error { return nil }

// clear removes everybody, or those whom filter chooses; x, which may be nil, is what their presence carries.
func (r *Room) clear(ctx context.Context, x *stanza.Element, filter func(o *Occupant) bool) error {
	if f := r.replaced("clear"); f != nil {
		_, err := f.Call(ctx, r, elementValue(x), clearFilter(filter))
		return err
	}
	return r.ownClear(ctx, x, filter)
}

func (r *Room) ownClear(ctx context.Context, x *stanza.Element, filter func(o *Occupant) bool) error {
	if x == nil {
		x = newX()
	}
	var removed []*Occupant
	for _, o := range r.eachOccupant() {
		if filter == nil || filter(o) {
			removed = append(removed, o)
		}
	}
	return r.remove(ctx, removed, x)
}

// destroy ends the room. newJID is a room to go to instead, with its password; each may be "". The error is a *stanza.Error if a handler
// objects, or if the room cannot be removed from the store: it goes on.
func (r *Room) destroy(ctx context.Context, newJID, reason, password string) error {
	if f := r.replaced("destroy"); f != nil {
		return refusedBy(f.Call(ctx, r, optional(newJID), optional(reason), optional(password)))
	}
	return r.ownDestroy(ctx, newJID, reason, password)
}

func (r *Room) ownDestroy(ctx context.Context, newJID, reason, password string) error {
	x := newX()
	ev := r.newEvent("muc-pre-room-destroy", nil, nil,
		"newjid", optional(newJID), "reason", optional(reason), "password", optional(password), "x", x, "allowed", true)
	if _, err := r.fire(ctx, ev); err != nil {
		return err
	}
	if !ev.Bool("allowed") {
		return errorOf(ev.Get("error"), nil, nil)
	}
	newJID, reason, password = ev.String("newjid"), ev.String("reason"), ev.String("password")
	if err := r.leaveStore(ctx, reason, newJID); err != nil {
		r.s.log.Error("a room was not destroyed", "jid", r.jid, "err", err)
		return refuse(stanza.Wait, stanza.InternalServerError, "", "")
	}
	if changed, ok := ev.Get("x").(*stanza.Element); ok {
		x = changed
	}
	x.AddChild(destroyPayload(newJID, reason, password))
	r.destroying, r.reason = true, reason
	if err := r.clear(ctx, x, nil); err != nil {
		return err
	}
	return r.tell(ctx, "muc-room-destroyed", nil, nil,
		"reason", optional(reason), "newjid", optional(newJID), "password", optional(password))
}

func destroyPayload(newJID, reason, password string) *stanza.Element {
	e := stanza.New("destroy", "")
	if newJID != "" {
		e.SetAttr("jid", newJID)
	}
	if reason != "" {
		e.TextTag("reason", "", reason)
	}
	if password != "" {
		e.TextTag("password", "", password)
	}
	return e
}

// clearFilter is a filter of clear as other plugins see it, nil for none.
func clearFilter(filter func(o *Occupant) bool) any {
	if filter == nil {
		return nil
	}
	return sdk.Func(func(_ context.Context, args ...any) ([]any, error) {
		o, _ := first(args).(*Occupant)
		return []any{o != nil && filter(o)}, nil
	})
}
