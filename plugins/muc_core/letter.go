package muccore

import (
	"context"
	"fmt"

	"quatrain/xmpp/stanza"
)

// What is added to invitations and their refusals.

func hideInviter(ctx context.Context, ev roomEvent) (any, error) {
	r := ev.room
	affiliation, err := r.affiliation(ctx, ev.Stanza.To())
	if err != nil {
		return nil, err
	}
	inviteeRole, err := r.defaultRole(ctx, affiliation)
	if err != nil {
		return nil, err
	}
	whois, err := r.getText(ctx, "whois")
	if err != nil || whois == "anyone" || inviteeRole == moderator {
		return nil, err
	}
	if invite := payloadOf(ev.Stanza, "invite"); invite != nil {
		if nick := r.occupantJID(invite.Attr("from")); nick != "" {
			invite.SetAttr("from", nick)
		}
	}
	return nil, nil
}

// addInviteBody: COMPAT Clients that know no invitations at all.
func addInviteBody(_ context.Context, ev roomEvent) (any, error) {
	addLetterBody(ev, "invite", "%s invites you to the room %s")
	return nil, nil
}

func addDeclineBody(_ context.Context, ev roomEvent) (any, error) {
	addLetterBody(ev, "decline", "%s does not want to come to the room %s")
	return nil, nil
}

func addLetterBody(ev roomEvent, name, format string) {
	payload := payloadOf(ev.Stanza, name)
	if payload == nil || ev.Stanza.Child("body", "") != nil {
		return
	}
	body := fmt.Sprintf(format, payload.Attr("from"), ev.room.jid)
	if reason := payload.ChildText("reason", ""); reason != "" {
		body += ": " + reason
	}
	ev.Stanza.AddChild(stanza.New("body", "").AddText(body))
}

// addConference: COMPAT Clients that know only XEP-0249.
func addConference(_ context.Context, ev roomEvent) (any, error) {
	payload := payloadOf(ev.Stanza, "invite")
	if payload == nil {
		return nil, nil
	}
	x := stanza.New("x", nsConference, "jid", ev.room.jid).AddText(payload.ChildText("reason", ""))
	ev.Stanza.AddChild(x)
	return nil, nil
}
