package mucregister

import (
	"context"
	"maps"

	"quatrain/plugins/muc_core/muc"
	"quatrain/sdk"
	"quatrain/xmpp/dataform"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// registerMethod is the method of rooms that answers requests.
const registerMethod = "handle_register_iq"

// hookRegistration answers requests, below other modules' priorities, as all that rooms handle.
func (p *plugin) hookRegistration(ctx context.Context) error {
	handler, err := p.rooms.StanzaHandler(ctx, registerMethod, p.handle)
	if err != nil {
		return err
	}
	p.m.Hook("item-added/"+muc.ItemRegistrationField, 0, func(ctx context.Context, _ *sdk.Event) (any, error) {
		_, err := p.serve(ctx, false)
		return nil, err
	})
	p.m.Hook("item-removed/"+muc.ItemRegistrationField, 0, func(ctx context.Context, _ *sdk.Event) (any, error) {
		_, err := p.serve(ctx, p.isPlain())
		return nil, err
	})
	if served, err := p.serve(ctx, p.isPlain()); err != nil || served {
		return err
	}
	p.m.Hook("iq/bare/"+muc.NSIQRegister+":query", -2, handler)
	return nil
}

// serve lets the rooms do what they can by themselves: register nicks, as long as the form is plain.
func (p *plugin) serve(ctx context.Context, plain bool) (served bool, err error) {
	return p.rooms.ServeRegistration(ctx, registerMethod, plain, p.allowUnaffiliated)
}

// isPlain is whether nobody else has added fields to the form.
func (p *plugin) isPlain() bool { return len(p.m.Items(muc.ItemRegistrationField)) == 0 }

// hookDisco tells of it.
func (p *plugin) hookDisco() {
	muc.On(p.m, 0, func(_ context.Context, ev muc.DiscoInfo) (any, error) {
		ev.AddFeature(muc.NSIQRegister)
		return nil, nil
	})
	// XEP-0045 #reservednick: without a reservation there is no identity.
	muc.OnPart(p.m, "x-roomuser-item", 0, func(ctx context.Context, ev muc.DiscoNode) (any, error) {
		nick, err := ev.Room().RegisteredNick(ctx, bare(ev.Stanza.From()))
		if nick != "" {
			ev.AddIdentity("conference", "text", nick)
		}
		return nil, err
	})
}

// request is somebody's request about a registration with a room.
type request struct {
	p       *plugin
	room    muc.Room
	origin  sdk.Session
	stanza  *stanza.Element
	query   *stanza.Element
	bareJID string // of the sender
}

func (p *plugin) handle(ctx context.Context, room muc.Room, origin sdk.Session, st *stanza.Element) (bool, error) {
	r := &request{p, room, origin, st, st.Child("query", muc.NSIQRegister), bare(st.From())}
	if r.query == nil {
		return false, nil
	}
	reply, err := r.answer(ctx)
	if err != nil {
		return false, err
	}
	return true, origin.Send(ctx, reply)
}

func (r *request) answer(ctx context.Context) (*stanza.Element, error) {
	affiliation, err := r.room.Affiliation(ctx, r.bareJID)
	switch {
	case err != nil:
		return nil, err
	case affiliation == muc.Outcast:
		return nil, refusal(stanza.Auth, stanza.Forbidden, "You are banned from this room")
	case affiliation == muc.None && !r.p.allowUnaffiliated:
		return nil, refusal(stanza.Auth, stanza.RegistrationRequired, "Only members may register")
	case r.stanza.Type() == "get":
		return r.show(ctx)
	case r.query.Child("remove", "") != nil:
		return stanza.Reply(r.stanza), r.remove(ctx, affiliation)
	}
	return stanza.Reply(r.stanza), r.register(ctx, affiliation)
}

// show is the form, or the registration.
func (r *request) show(ctx context.Context) (*stanza.Element, error) {
	query := stanza.New("query", muc.NSIQRegister)
	reply := stanza.Reply(r.stanza).AddChild(query)
	nick, err := r.room.RegisteredNick(ctx, r.bareJID)
	if err != nil {
		return nil, err
	}
	if nick != "" {
		query.AddChild(stanza.New("registered", "")).TextTag("username", "", nick)
		if !r.p.includeForm {
			return reply, nil
		}
	}
	form, err := r.form(ctx, nick)
	if err != nil {
		return nil, err
	}
	query.AddChild(form)
	return reply, nil
}

// form is the form to be filled in, or the one that has led to this nick.
func (r *request) form(ctx context.Context, nick string) (*stanza.Element, error) {
	layout, err := layoutOf(ctx, r.p.m)
	if err != nil {
		return nil, err
	}
	if nick == "" {
		return layout.blank(), nil
	}
	data, err := r.room.AffiliationData(ctx, r.bareJID)
	if err != nil {
		return nil, err
	}
	return layout.filled(nick, data), nil
}

// remove: members were made so by registering; owners and admins were not, and stay what they are.
func (r *request) remove(ctx context.Context, a muc.Affiliation) error {
	if a == muc.Member {
		a = muc.None
	}
	return r.room.SetAffiliation(ctx, muc.Service, r.bareJID, a, "", muc.Data{})
}

func (r *request) register(ctx context.Context, a muc.Affiliation) error {
	submission := r.query.Child("x", dataform.NS)
	if submission != nil && submission.Type() == dataform.TypeCancel {
		return nil
	}
	layout, err := layoutOf(ctx, r.p.m)
	if err != nil {
		return err
	}
	nick, fields, err := layout.read(submission)
	if err != nil {
		return err
	}
	if taken, err := r.isTaken(ctx, nick); err != nil || taken {
		return orTaken(err)
	}
	if old, err := r.room.RegisteredNick(ctx, r.bareJID); err != nil || old == nick {
		return err
	}
	if a == muc.None {
		a = muc.Member
	}
	return r.reserve(ctx, a, nick, fields)
}

func (r *request) reserve(ctx context.Context, a muc.Affiliation, nick string, fields map[string]any) error {
	data, err := r.newData(ctx, nick, fields)
	if err != nil {
		return err
	}
	if err := r.room.SetAffiliation(ctx, muc.Service, r.bareJID, a, "", data); err != nil {
		return err
	}
	return r.room.BindSessions(ctx, r.bareJID, nick)
}

func (r *request) isTaken(ctx context.Context, nick string) (bool, error) {
	taken, err := r.room.IsReservedByOther(ctx, nick, r.bareJID)
	if taken || err != nil {
		return taken, err
	}
	return r.room.IsTakenByOther(ctx, r.room.OccupantJIDOf(ctx, nick), r.bareJID)
}

func orTaken(err error) error {
	if err != nil {
		return err
	}
	return refusal(stanza.Cancel, stanza.Conflict, "This nickname is taken")
}

// newData is what is to be kept with the affiliation. Whatever else is kept there, such as hats, stays; other plugins may add to it.
func (r *request) newData(ctx context.Context, nick string, fields map[string]any) (muc.Data, error) {
	old, err := r.room.AffiliationData(ctx, r.bareJID)
	if err != nil {
		return nil, err
	}
	data := maps.Clone(old)
	if data == nil {
		data = muc.Data{}
	}
	data[muc.ReservedNick] = nick
	ev, _, err := muc.Fire[muc.RegistrationSubmitted](ctx, r.p.m, r.room, r.origin, r.stanza,
		"submitted_data", fields, "affiliation_data", sdk.NewTable(nil, data))
	if err != nil {
		return nil, err
	}
	return ev.AffiliationData(ctx)
}

func refusal(t stanza.ErrorType, c stanza.Condition, text string) *stanza.Error {
	return &stanza.Error{Type: t, Condition: c, Text: text}
}

// bare is a JID without its resource.
func bare(address string) string {
	local, domain, _ := jid.Split(address)
	if local == "" {
		return domain
	}
	return local + "@" + domain
}
