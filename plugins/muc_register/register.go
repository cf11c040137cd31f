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

// hookRegistration answers requests, below other modules' priorities, as all that rooms handle.
func (p *plugin) hookRegistration(ctx context.Context) error {
	const method = "handle_register_iq"
	byRoom, err := p.rooms.StanzaHandler(ctx, method, p.handle)
	if err != nil {
		return err
	}
	if p.registrar, err = p.rooms.Registrar(ctx, method); err != nil {
		return err
	}
	p.m.Hook("iq/bare/"+muc.NSIQRegister+":query", -2, func(ctx context.Context, ev *sdk.Event) (any, error) {
		if result, done, err := p.quickly(ctx, ev); done {
			return result, err
		}
		return byRoom(ctx, ev)
	})
	return nil
}

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
		return nil, errBanned()
	case affiliation == muc.None && !r.p.allowUnaffiliated:
		return nil, errNoMember()
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
	return errTaken()
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

// What people are told.
func errBanned() error {
	return refusal(stanza.Auth, stanza.Forbidden, "You are banned from this room")
}

func errNoMember() error {
	return refusal(stanza.Auth, stanza.RegistrationRequired, "Only members may register")
}

func errTaken() error { return refusal(stanza.Cancel, stanza.Conflict, "This nickname is taken") }

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
