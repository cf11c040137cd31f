package mucregister

import (
	"context"
	"errors"

	"quatrain/plugins/muc_core/muc"
	"quatrain/sdk"
	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
)

// A form that has been filled in is by far the most frequent request, and where nobody else wants to see it the room does all in one call: the
// rooms may be in another process, and step by step (register.go) each step is a way there and back while the room is locked.

// quickly handles a request in one call; done is false if it has to be handled step by step.
func (p *plugin) quickly(ctx context.Context, ev *sdk.Event) (result any, done bool, err error) {
	nick, ok := p.wish(ctx, ev.Stanza)
	if !ok {
		return nil, false, nil
	}
	handled, err := p.registrar.Register(ctx, ev, nick, p.allowUnaffiliated)
	if handled {
		return true, true, nil
	}
	var refused *stanza.Error
	switch {
	case err == nil:
		return true, true, ev.Origin.Send(ctx, stanza.Reply(ev.Stanza))
	case errors.Is(err, muc.ErrElsewhere):
		return nil, false, nil
	case errors.As(told(err), &refused):
		return true, true, refuse(ctx, ev, refused)
	}
	return nil, true, err
}

// wish is the nick of a submission that is right, and that nobody else wants to see.
func (p *plugin) wish(ctx context.Context, st *stanza.Element) (nick string, ok bool) {
	if p.registrar == nil || st.Type() != "set" || p.fields.Load() || p.m.Bus().Has(muc.RegistrationSubmitted{}.EventName()) {
		return "", false
	}
	query := st.Child("query", muc.NSIQRegister)
	if query == nil || query.Child("remove", "") != nil {
		return "", false
	}
	submission := query.Child("x", dataform.NS)
	if submission == nil || submission.Type() == dataform.TypeCancel {
		return "", false
	}
	nick, _, err := ownLayout().read(submission)
	return nick, err == nil
}

// told is what somebody is told for an outcome.
func told(err error) error {
	switch {
	case errors.Is(err, muc.ErrOutcast):
		return errBanned()
	case errors.Is(err, muc.ErrUnaffiliated):
		return errNoMember()
	case errors.Is(err, muc.ErrTaken):
		return errTaken()
	}
	return err
}

// refuse answers as the room. A session that has ended hears nothing.
func refuse(ctx context.Context, ev *sdk.Event, e *stanza.Error) error {
	said := *e
	if said.By == "" {
		said.By = bare(ev.Stanza.To())
	}
	_ = ev.Origin.Send(ctx, stanza.ErrorReply(ev.Stanza, &said))
	return nil
}

// watchFields notes whether other plugins add fields to the form.
func (p *plugin) watchFields() {
	see := func(context.Context, *sdk.Event) (any, error) {
		p.fields.Store(true) // for good: to ask costs little where there are any
		return nil, nil
	}
	p.m.Hook("item-added/"+muc.ItemRegistrationField, 0, see)
	if len(p.m.Items(muc.ItemRegistrationField)) > 0 {
		p.fields.Store(true)
	}
}
