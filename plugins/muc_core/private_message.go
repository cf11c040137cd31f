package muccore

import (
	"context"
	"errors"

	"quatrain/sdk"
	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
)

// Private messages between occupants, and who may send them (XEP-0045 #privatemessage; M133, M134).

// Who may send: a role and those above it (visitor: everyone), people with an affiliation, or none.
const affiliated = "affiliated"

var pmPolicies = map[string]bool{visitor: true, participant: true, moderator: true, affiliated: true, none: true}

// pmOldNames renames what older versions stored, and what XEP-0045 #createroom-reserved calls otherwise.
var pmOldNames = map[string]string{
	"anyone": visitor, "everyone": visitor, "participants": participant, "moderators": moderator, "members": affiliated,
}

func (s *service) loadPrivateMessage(context.Context) error {
	s.method("handle_message_to_occupant", (*Room).handleMessageToOccupant)
	s.setting("allow_pm", setting{get: func(r *Room) any { return r.pmPolicy() }, set: setPMPolicy})
	s.setting("allow_modpm", flag("allow_modpm"))
	s.configField(configField{
		priority: 2, // last, before what other plugins add (0)
		name:     "muc#roomconfig_allowpm",
		typ:      dataform.ListSingle,
		label:    "Private messages may be sent by",
		options: []dataform.Option{
			{Value: visitor, Label: "Everyone"},
			{Value: participant, Label: "Participants and moderators"},
			{Value: moderator, Label: "Moderators"},
			{Value: affiliated, Label: "People with an affiliation"},
			{Value: none, Label: "Nobody"},
		},
		synonyms: pmOldNames,
		setting:  "allow_pm",
	})
	s.configField(configField{
		priority: 1,
		name:     "{xmpp:prosody.im}muc#allow_modpm",
		typ:      dataform.Boolean,
		label:    "Private messages to and from moderators are always possible",
		setting:  "allow_modpm",
	})
	// Before what other plugins do with a message (0), which need not look at one that is refused.
	s.hook("muc-private-message", 1, checkPrivateMessage)
	return nil
}

func (r *Room) pmPolicy() string {
	policy := r.dataText("allow_pm")
	if renamed := pmOldNames[policy]; renamed != "" {
		return renamed
	}
	if policy == "" {
		return visitor
	}
	return policy
}

func setPMPolicy(_ context.Context, r *Room, value any) (bool, error) {
	policy := text(value)
	if renamed := pmOldNames[policy]; renamed != "" {
		policy = renamed
	}
	if !pmPolicies[policy] {
		return false, errors.New("not a policy for private messages")
	}
	if r.pmPolicy() == policy {
		return false, nil
	}
	if policy == visitor {
		r.setData("allow_pm", nil)
	} else {
		r.setData("allow_pm", policy)
	}
	return true, nil
}

func (r *Room) mayMessage(ctx context.Context, sender, recipient *Occupant) (bool, error) {
	policy, err := r.getText(ctx, "allow_pm")
	if err != nil || policy == visitor || sender.nick == recipient.nick {
		return true, err
	}
	moderators, err := r.getFlag(ctx, "allow_modpm")
	if err != nil || moderators && (sender.role == moderator || recipient.role == moderator) {
		return true, err
	}
	switch policy {
	case affiliated:
		affiliation, err := r.affiliation(ctx, sender.bareJID)
		return affiliation != "", err
	case none:
		return false, nil
	}
	return roleRanks[sender.role] >= roleRanks[policy], nil
}

// checkPrivateMessage: an error answers a message that was permitted, and is not answered itself; but nobody sends messages in the guise of
// one.
func checkPrivateMessage(ctx context.Context, ev roomEvent) (any, error) {
	r, st, sender := ev.room, ev.Stanza, ev.occupant("occupant")
	recipient := r.occupants[st.To()]
	if recipient == nil || sender == nil {
		return nil, nil
	}
	if may, err := r.mayMessage(ctx, sender, recipient); may || err != nil {
		return nil, err
	}
	if st.IsError() {
		st.MapTags(func(child *stanza.Element) *stanza.Element {
			if child.Name == "error" {
				return child
			}
			return nil
		})
		return nil, nil
	}
	answer := stanza.ErrorReply(st, refuse(stanza.Cancel, stanza.PolicyViolation, "This room does not allow you private messages", r.jid))
	return false, r.routeToOccupant(ctx, sender, answer)
}

func (r *Room) passOn(ctx context.Context, origin sdk.Session, st *stanza.Element, sender, recipient *Occupant) error {
	message := r.s.filterMUC(st.Clone()).AddChild(newX())
	message.SetAttr("from", sender.nick)
	ev := r.newEvent("muc-private-message", origin, message, "occupant", sender)
	if result, err := r.fire(ctx, ev); result == false || err != nil {
		return err
	}
	return r.routeToOccupant(ctx, recipient, ev.Stanza)
}

func (r *Room) handleMessageToOccupant(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	sender := r.occupantByRealJID(st.From())
	switch {
	case sender == nil:
		r.s.answerError(ctx, origin, st, refuse(stanza.Cancel, stanza.NotAcceptable, "You are not in this room", r.jid))
		return true, nil
	case st.Type() == "groupchat":
		r.s.answerError(ctx, origin, st, refuse(stanza.Modify, stanza.BadRequest, "Messages of this type go to the room", r.jid))
		return true, nil
	case st.IsError() && isKickable(st):
		return r.handle(ctx, "handle_kickable", origin, st)
	}
	recipient := r.occupantByNick(st.To())
	if recipient == nil {
		r.s.answerError(ctx, origin, st, refuse(stanza.Cancel, stanza.ItemNotFound, "Nobody here has this nickname", r.jid))
		return true, nil
	}
	return true, r.passOn(ctx, origin, st, sender, recipient)
}
