package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
)

// Asking moderators for voice (XEP-0045 #requestvoice, #voiceapprove; M155, M156).

var voiceForm = formLayout{
	title: "Request for voice",
	fields: []layoutField{
		{name: "FORM_TYPE", typ: dataform.Hidden, value: nsRequest},
		{name: "muc#jid", typ: dataform.JIDSingle, label: "JID"},
		{name: "muc#roomnick", typ: dataform.TextSingle, label: "Nickname"},
		{name: "muc#role", typ: dataform.ListSingle, label: "Requested role", value: participant, options: []dataform.Option{
			{Label: none, Value: none}, {Label: visitor, Value: visitor}, {Label: participant, Value: participant}, {Label: moderator, Value: moderator},
		}},
		{name: "muc#request_allow", typ: dataform.Boolean, label: "Let this person speak", value: false},
	},
}

func (s *service) loadVoice(context.Context) error {
	s.hook("muc-disco#info", 0, func(_ context.Context, ev roomEvent) (any, error) {
		addDiscoFeature(ev, nsRequest)
		return nil, nil
	})
	s.hook("muc-voice-request", 0, askForVoice)
	s.hook("muc-voice-response", 0, giveVoice)
	return nil
}

// handleRoleRequest handles a request, or a moderator's answer to one.
func (r *Room) handleRoleRequest(ctx context.Context, origin sdk.Session, st, form *stanza.Element) error {
	if f := r.replaced("handle_role_request"); f != nil {
		_, err := f.Call(ctx, r, origin, st, form)
		return err
	}
	return r.ownHandleRoleRequest(ctx, origin, st, form)
}

func (r *Room) ownHandleRoleRequest(ctx context.Context, origin sdk.Session, st, form *stanza.Element) error {
	o := r.occupantByRealJID(st.From())
	if o == nil || form.Type() == dataform.TypeCancel {
		return nil
	}
	name := oneOf(o.role == moderator, "muc-voice-response", "muc-voice-request")
	return r.tell(ctx, name, origin, st, "fields", sdk.NewTable(nil, voiceForm.data(form).values), "occupant", o)
}

func askForVoice(ctx context.Context, ev roomEvent) (any, error) {
	o := ev.occupant("occupant")
	if o == nil || o.role != visitor {
		return nil, nil
	}
	form := voiceForm.element(map[string]any{"muc#jid": ev.Stanza.From(), "muc#roomnick": resourceOf(o.nick)}, dataform.TypeForm)
	message := stanza.Message("", "type", "normal", "from", ev.room.jid).AddChild(form)
	return nil, ev.room.broadcast(ctx, message, func(o *Occupant) bool { return o.role == moderator })
}

func giveVoice(ctx context.Context, ev roomEvent) (any, error) {
	r, o := ev.room, ev.occupant("occupant")
	allowed, err := sdk.Field(ctx, ev.Get("fields"), "muc#request_allow")
	if err != nil || o == nil || o.role != moderator || !isTrue(allowed) {
		return nil, err
	}
	asker := r.occupantByRealJID(sdk.Text(ctx, ev.Get("fields"), "muc#jid"))
	if asker == nil || asker.role != visitor {
		return nil, nil
	}
	if err := r.setRole(ctx, ev.Stanza.From(), asker.nick, participant, "Voice granted"); err != nil {
		return nil, r.answerFailure(ctx, ev.Origin, ev.Stanza, err)
	}
	return nil, nil
}
