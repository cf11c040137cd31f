package muccore

import (
	"context"
	"maps"

	"quatrain/sdk"
	"quatrain/xmpp/dataform"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// Registration with rooms (XEP-0045 #register) is the business of a plugin that knows the form, and which may be in another process. What people ask
// most, to register a nick by a form without more fields, rooms do themselves.

const (
	nsRegister          = "jabber:iq:register"
	nsRegisterForm      = "http://jabber.org/protocol/muc#register"
	registeredNickField = "muc#register_roomnick"
)

// reservationMethods are those about reserved nicks. Where nicks are not reserved they know nothing.
func reservationMethods() map[string]roomMethod {
	return map[string]roomMethod{
		"get_registered_nick": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			nick, err := r.ownRegisteredNick(ctx, a.text(0))
			return one(optional(nick), err)
		},
		"get_registered_jid": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return []any{optional(r.ownRegisteredJID(ctx, a.text(0)))}, nil
		},
		"is_reserved_by_other": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return []any{r.ownIsReservedByOther(ctx, a.text(0), a.text(1))}, nil
		},
		"bind_sessions": func(ctx context.Context, r *Room, a arguments) ([]any, error) {
			return nothing(r.bindSessions(ctx, a.text(0), a.text(1)))
		},
	}
}

// exportReserveNicks: a table of options (enforce), or nil if nicks are no longer reserved.
func (s *service) exportReserveNicks(ctx context.Context, a arguments) ([]any, error) {
	if a.at(0) == nil {
		s.reserveNicks(nil)
		return nil, nil
	}
	enforce, err := sdk.Field(ctx, a.at(0), "enforce")
	if err == nil {
		s.reserveNicks(&reservationOptions{enforce: isTrue(enforce)})
	}
	return nil, err
}

// registrationOptions are how stanzas for registration are handled.
type registrationOptions struct {
	method       sdk.Function // handle_register_iq, as the plugin has put it on the rooms
	plain        bool         // the form has its own fields only
	unaffiliated bool         // people without an affiliation may register, and become members
}

// exportServeRegistration: the method that handles whatever needs more than the form's own fields, and a table of options (plain, unaffiliated).
func (s *service) exportServeRegistration(ctx context.Context, a arguments) ([]any, error) {
	method, err := a.function(0)
	if err != nil {
		return nil, err
	}
	options, err := sdk.Fields(ctx, a.at(1))
	if err != nil {
		return nil, err
	}
	s.serveRegistration(&registrationOptions{method: method, plain: isTrue(options["plain"]), unaffiliated: isTrue(options["unaffiliated"])})
	return nil, nil
}

// handleRegistration finds the room. A form that has been filled in is by far the most frequent request.
func (s *service) handleRegistration(ctx context.Context, ev *sdk.Event) (any, error) {
	o := s.reservations.registration.Load()
	if o == nil {
		return nil, nil
	}
	nick, isPlain := "", false
	if o.plain && !s.hooked("muc-registration-submitted") {
		nick, isPlain = submittedNick(ev.Stanza)
	}
	handled, err := s.dispatchTo(ctx, ev.Origin, ev.Stanza, func(ctx context.Context, r *Room) (bool, error) {
		if isPlain && r.replaced("handle_register_iq") == o.method && r.replaced("is_taken_by_other") == nil {
			if done, err := r.register(ctx, ev, nick, o.unaffiliated); done || err != nil {
				return done, err
			}
		}
		return r.handle(ctx, "handle_register_iq", ev.Origin, ev.Stanza)
	})
	if !handled || err != nil {
		return nil, err
	}
	return true, nil
}

// submittedNick is the nick of a form that is right; ok is false for everything else.
func submittedNick(st *stanza.Element) (nick string, ok bool) {
	query := st.Child("query", nsRegister)
	if st.Type() != "set" || query == nil || query.Child("remove", "") != nil {
		return "", false
	}
	form, err := dataform.FromElement(query.Child("x", dataform.NS))
	if err != nil || form.Type == dataform.TypeCancel {
		return "", false
	}
	if is(form.Field(dataform.FormType)) != nsRegisterForm {
		return "", false
	}
	nick, ok = jid.Resourceprep(is(form.Field(registeredNickField)), true)
	return nick, ok && !isBlank(nick)
}

// is is the only value of a field, "" if it has none or more.
func is(f *dataform.Field) string {
	if f == nil || len(f.Values) != 1 {
		return ""
	}
	return f.Values[0]
}

// register reserves a nick for the sender of the event's stanza, and answers. done is false if nothing has happened: if it is refused before others
// are asked.
func (r *Room) register(ctx context.Context, ev *sdk.Event, nick string, unaffiliated bool) (done bool, err error) {
	bareJID := bareOf(ev.Stanza.From())
	affiliation, err := r.affiliation(ctx, bareJID)
	if err != nil || affiliation == outcast || affiliation == "" && !unaffiliated {
		return false, err
	}
	taken, err := r.isReservedByOther(ctx, nick, bareJID)
	if err != nil || taken || r.isTakenByOther(r.jid+"/"+nick, bareJID) {
		return false, err
	}
	old, err := r.registeredNick(ctx, bareJID)
	if err != nil {
		return false, err
	}
	if old != nick {
		if err := r.reserve(ctx, bareJID, affiliation, nick); err != nil {
			return true, r.answerFailure(ctx, ev.Origin, ev.Stanza, err)
		}
	}
	r.s.answer(ctx, ev.Origin, stanza.Reply(ev.Stanza))
	return true, nil
}

// reserve writes the nick to what else is kept with the affiliation.
func (r *Room) reserve(ctx context.Context, bareJID, affiliation, nick string) error {
	kept, err := r.getAffiliationData(ctx, bareJID, "")
	if err != nil {
		return err
	}
	old, _ := stored(kept)
	data := maps.Clone(old)
	if data == nil {
		data = sdk.Data{}
	}
	data[reservedNick] = nick
	if affiliation == "" {
		affiliation = member
	}
	if err := r.setAffiliation(ctx, byService, bareJID, affiliation, "", data); err != nil {
		return err
	}
	return r.bindSessions(ctx, bareJID, nick)
}
