package muccore

import (
	"context"
	"fmt"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Invitations that go through the room, and their refusal (XEP-0045 #invite-mediated; M148–M154). What is added to the letters is in
// letter.go.

const maxInvitees = 20 // of one message

func (s *service) loadInvite(context.Context) error {
	s.method("handle_mediated_invite", (*Room).handleInvite)
	s.method("handle_mediated_decline", (*Room).handleDecline)
	s.hook("muc-pre-invite", 0, refuseToInvite)
	// Who invites is hidden from who would not see real JIDs. Before the texts (0), which name the inviter, are made.
	s.hook("muc-invite", 50, hideInviter)
	s.hook("muc-invite", 0, addInviteBody)
	s.hook("muc-invite", 0, addConference)
	s.hook("muc-decline", 0, addDeclineBody)
	s.hook("muc-pre-invite", 0, refuseToOpenDoor)
	s.hook("muc-invite", 0, makeMember)
	return nil
}

// payloadOf is the <invite/> or <decline/> of a message, the first one if name is taken; nil if there is none.
func payloadOf(st *stanza.Element, name string) *stanza.Element {
	x := st.Child("x", nsUser)
	if x == nil {
		return nil
	}
	return x.Child(name, "")
}

// handleInvite: there may be several (XEP-0045 #continue). To other plugins each is a message of its own.
func (r *Room) handleInvite(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	number, e := countInvitees(st)
	if e != nil {
		e.By = r.jid
		r.s.answerError(ctx, origin, st, e)
		return true, nil
	}
	for place := range number {
		one := st
		if number > 1 {
			one = withOne(st, place)
		}
		if may, err := r.invite(ctx, origin, one); !may || err != nil {
			return true, err
		}
	}
	return true, nil
}

// countInvitees is how many invitations there are, and what is wrong with them.
func countInvitees(st *stanza.Element) (int, *stanza.Error) {
	number := 0
	for payload := range st.Child("x", nsUser).ChildTags("invite", "") {
		number++
		if prepare(payload.Attr("to")) == "" {
			return 0, refuse(stanza.Cancel, stanza.JIDMalformed, "", "")
		}
	}
	if number > maxInvitees {
		return 0, refuse(stanza.Modify, stanza.NotAcceptable, "", "")
	}
	return number, nil
}

// withOne is the same message with one of its invitations.
func withOne(st *stanza.Element, wanted int) *stanza.Element {
	one, place := st.Clone(), -1
	one.Child("x", nsUser).MapTags(func(child *stanza.Element) *stanza.Element {
		if child.Name != "invite" {
			return child
		}
		if place++; place != wanted {
			return nil
		}
		return child
	})
	return one
}

// invite tells whether the sender may invite; otherwise the sender has been told.
func (r *Room) invite(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	if refused, err := r.fireStops(ctx, r.newEvent("muc-pre-invite", origin, st)); refused || err != nil {
		return false, err
	}
	letter, x := r.newLetter(st, "invite", prepare(payloadOf(st, "invite").Attr("to")))
	password, err := r.getText(ctx, "password")
	if err != nil {
		return false, err
	}
	if password != "" {
		x.TextTag("password", "", password)
	}
	ev := r.newEvent("muc-invite", origin, letter, "incoming", st)
	delivered, err := r.fireStops(ctx, ev)
	if err != nil || delivered || ev.Stanza == nil {
		return true, err
	}
	return true, r.routeStanza(ctx, ev.Stanza)
}

// newLetter is what leaves the room: what the sender wrote, with a payload by the room. x is where more of it goes.
func (r *Room) newLetter(st *stanza.Element, name, to string) (letter, x *stanza.Element) {
	letter = r.s.filterMUC(st.Clone())
	letter.SetAttr("from", r.jid)
	letter.SetAttr("to", to)
	given := payloadOf(st, name)
	payload := stanza.New(name, "", "from", st.From()).TextTag("reason", "", given.ChildText("reason", ""))
	if goesOn := given.Child("continue", ""); goesOn != nil { // XEP-0045 #continue: a chat of two that goes on in the room
		e := stanza.New("continue", "")
		if thread, ok := goesOn.LookupAttr("thread"); ok {
			e.SetAttr("thread", thread)
		}
		payload.AddChild(e)
	}
	x = stanza.New("x", nsUser).AddChild(payload)
	letter.AddChild(x)
	return letter, x
}

func (r *Room) handleDecline(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	inviter := prepare(payloadOf(st, "decline").Attr("to"))
	if inviter == "" {
		r.refuseStanza(ctx, origin, st, stanza.Cancel, stanza.JIDMalformed, "")
		return true, nil
	}
	if refused, err := r.fireStops(ctx, r.newEvent("muc-pre-decline", origin, st)); refused || err != nil {
		return true, err
	}
	letter, _ := r.newLetter(st, "decline", inviter)
	ev := r.newEvent("muc-decline", origin, letter, "incoming", st)
	delivered, err := r.fireStops(ctx, ev)
	if err != nil || delivered || ev.Stanza == nil {
		return true, err
	}
	return true, r.sendDecline(ctx, ev.Stanza)
}

func (r *Room) sendDecline(ctx context.Context, letter *stanza.Element) error {
	if bareOf(letter.To()) == r.jid {
		if o := r.occupantByNick(letter.To()); o != nil {
			return r.routeToOccupant(ctx, o, letter)
		}
	}
	return r.routeStanza(ctx, letter)
}

const mayNotInvite = "You may not invite to this room"

func refuseToInvite(ctx context.Context, ev roomEvent) (any, error) {
	role, err := ev.room.roleOf(ctx, ev.Stanza.From())
	if err != nil || roleRanks[role] > roleRanks[visitor] {
		return nil, err
	}
	ev.room.refuseStanza(ctx, ev.Origin, ev.Stanza, stanza.Auth, stanza.Forbidden, mayNotInvite)
	return true, nil
}

// refuseToOpenDoor (M148): who may open the door of a members-only room.
func refuseToOpenDoor(ctx context.Context, ev roomEvent) (any, error) {
	r := ev.room
	membersOnly, err := r.getFlag(ctx, "members_only")
	if err != nil || !membersOnly {
		return nil, err
	}
	memberInvites, err := r.getFlag(ctx, "allow_member_invites")
	if err != nil {
		return nil, err
	}
	affiliation, err := r.affiliation(ctx, ev.Stanza.From())
	required := oneOf(memberInvites, member, admin)
	if err != nil || affiliationRanks[affiliation] >= affiliationRanks[required] {
		return nil, err
	}
	r.refuseStanza(ctx, ev.Origin, ev.Stanza, stanza.Auth, stanza.Forbidden, mayNotInvite)
	return true, nil
}

// makeMember (M151): an invitation to a members-only room would be worth nothing without membership.
func makeMember(ctx context.Context, ev roomEvent) (any, error) {
	r, invitee := ev.room, ev.Stanza.To()
	membersOnly, err := r.getFlag(ctx, "members_only")
	if err != nil || !membersOnly {
		return nil, err
	}
	affiliation, err := r.affiliation(ctx, invitee)
	if err != nil || affiliation != "" {
		return nil, err
	}
	reason := fmt.Sprintf("Invited by %s", payloadOf(ev.Stanza, "invite").Attr("from"))
	err = r.setAffiliation(ctx, byService, invitee, member, reason, nil)
	if e := refusedWith(err); e != nil {
		r.s.log.Debug("an invitee did not become a member", "room", r.jid, "jid", invitee, "err", e)
		return nil, nil
	}
	return nil, err
}
