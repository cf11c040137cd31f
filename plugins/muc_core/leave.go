package muccore

import (
	"context"
	"strings"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Leaving, on one's own account or because a session answers with errors (XEP-0045 #exit, #service-error-kick; M86–M89, M104).

func (s *service) loadLeave(context.Context) error {
	s.method("handle_kickable", (*Room).handleKickable)
	return nil
}

// announceLeft makes the room know an occupant who has left, and tells all. origin and st are nil if the service removed it.
func (r *Room) announceLeft(ctx context.Context, o *Occupant, x *stanza.Element, oldRole string, origin sdk.Session, st *stanza.Element) error {
	r.saveOccupant(o)
	if err := r.publicise(ctx, o, announcement{x: x, prevRole: oldRole}); err != nil || o.role != "" {
		return err
	}
	return r.tellLeft(ctx, o, origin, st)
}

func (r *Room) tellLeft(ctx context.Context, o *Occupant, origin sdk.Session, st *stanza.Element) error {
	return r.tell(ctx, "muc-occupant-left", origin, st, "nick", o.nick, "occupant", o)
}

// endSession ends one of several sessions: it sees itself leave, the others see what the occupant's primary session says now. code: why it
// has to, "" if it leaves by itself.
func (r *Room) endSession(ctx context.Context, o *Occupant, presence *stanza.Element, code string) error {
	fullJID := presence.From()
	o.setSession(fullJID, presence, false)
	farewell := o.presence(fullJID).Clone()
	o.removeSession(fullJID)
	r.saveOccupant(o)
	affiliation, err := r.affiliation(ctx, o.bareJID)
	if err != nil {
		return err
	}
	x := newX()
	if code != "" {
		addStatus(x, code)
	}
	item{affiliation: written(affiliation), role: o.role, jid: fullJID}.addTo(x)
	if err := r.publicise(ctx, o, announcement{x: newX(), prevRole: o.role}); err != nil {
		return err
	}
	if farewell, err = r.built(ctx, farewell, "occupant", o); err != nil {
		return err
	}
	return r.routeStanza(ctx, farewell.AddChild(addStatus(x, "110")))
}

// handleLeave is handle_leave.
func (r *Room) handleLeave(ctx context.Context, origin sdk.Session, st *stanza.Element, o *Occupant) (bool, error) {
	if f := r.replaced("handle_leave"); f != nil {
		results, err := f.Call(ctx, r, origin, st, o)
		return isTrue(first(results)), err
	}
	return true, r.ownHandleLeave(ctx, origin, st, o)
}

func (r *Room) ownHandleLeave(ctx context.Context, origin sdk.Session, st *stanza.Element, o *Occupant) error {
	fullJID := st.From()
	isLast := !o.hasOtherSession(fullJID)
	ev := r.newEvent("muc-occupant-pre-leave", origin, st, "is_last_session", isLast, "occupant", o)
	if stopped, err := r.fireStops(ctx, ev); stopped || err != nil {
		return err
	}
	if !isLast {
		return r.endSession(ctx, o, ev.Stanza, "")
	}
	oldRole := o.role
	o.role = ""
	o.setSession(fullJID, ev.Stanza, false)
	return r.announceLeft(ctx, o, newX(), oldRole, origin, ev.Stanza)
}

// farewellText says why a session was removed. What the error says beyond its condition may tell who it is.
func (r *Room) farewellText(ctx context.Context, st *stanza.Element) (string, error) {
	e := stanza.ParseError(st)
	if e == nil {
		return "Removed: presence error", nil
	}
	farewell := "Removed: " + strings.ReplaceAll(string(e.Condition), "-", " ")
	whois, err := r.getText(ctx, "whois")
	if err == nil && e.Text != "" && whois == "anyone" {
		farewell += ": " + e.Text
	}
	return farewell, err
}

// handleKickable removes a session that answers with an error.
func (r *Room) handleKickable(ctx context.Context, _ sdk.Session, st *stanza.Element) (bool, error) {
	fullJID := st.From()
	o := r.occupantByRealJID(fullJID)
	if o == nil {
		return false, nil
	}
	farewell, err := r.farewellText(ctx, st)
	if err != nil {
		return false, err
	}
	presence := stanza.Presence("type", "unavailable", "from", fullJID).TextTag("status", "", farewell)
	if o.hasOtherSession(fullJID) {
		return true, r.endSession(ctx, o, presence, "333")
	}
	oldRole := o.role
	o.role = ""
	o.setSession(fullJID, presence, false)
	return true, r.announceLeft(ctx, o, newX("333"), oldRole, nil, nil)
}
