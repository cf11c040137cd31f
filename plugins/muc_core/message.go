package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
)

// What a message to the room is about (XEP-0045 #message, #invite-mediated, #requestvoice).

func (s *service) loadMessage(context.Context) error {
	s.method("handle_message_to_room", (*Room).handleMessageToRoom)
	return nil
}

// handleUserPayload goes by the first payload, which says what it is about (M153).
func (r *Room) handleUserPayload(ctx context.Context, origin sdk.Session, st, x *stanza.Element) (bool, error) {
	if len(x.Tags) > 0 {
		payload := x.Tags[0]
		isOurs := payload.NS() == "" || payload.NS() == nsUser
		_, isAddressed := payload.LookupAttr("to")
		switch {
		case isOurs && isAddressed && payload.Name == "invite":
			return r.handle(ctx, "handle_mediated_invite", origin, st)
		case isOurs && isAddressed && payload.Name == "decline":
			return r.handle(ctx, "handle_mediated_decline", origin, st)
		}
	}
	r.s.answerError(ctx, origin, st, refuse(stanza.Cancel, stanza.BadRequest, "", r.jid))
	return true, nil
}

func (r *Room) handleMessageToRoom(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	switch st.Type() {
	case "groupchat":
		return r.handle(ctx, "handle_groupchat_to_room", origin, st)
	case "error":
		if !isKickable(st) {
			return false, nil
		}
		return r.handle(ctx, "handle_kickable", origin, st)
	case "", "normal":
	default:
		return false, nil
	}
	if x := st.Child("x", nsUser); x != nil {
		return r.handleUserPayload(ctx, origin, st, x)
	}
	form := st.Child("x", nsData)
	if form == nil || formTypeOf(form) != nsRequest {
		return false, nil
	}
	return true, r.handleRoleRequest(ctx, origin, st, form)
}

// formTypeOf is what a form is about, "" if it does not say.
func formTypeOf(form *stanza.Element) string {
	for field := range form.ChildTags("field", "") {
		if field.Attr("var") == dataform.FormType {
			return field.ChildText("value", "")
		}
	}
	return ""
}
