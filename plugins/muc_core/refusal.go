package muccore

import (
	"context"
	"errors"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// refuse makes a stanza error. by is who says so: a room's JID, or the service's.
func refuse(t stanza.ErrorType, c stanza.Condition, text, by string) *stanza.Error {
	return &stanza.Error{Type: t, Condition: c, Text: text, By: by}
}

// refusal answers somebody who wants to enter (XEP-0045 #enter-pw and the other refusals there; M63). As in its examples the error has the
// <x/> of the request: some clients know by it that entering has failed, and without it wait for ever (profanity 0.13). It is nil for a
// stanza that is itself an error.
func refusal(st *stanza.Element, e *stanza.Error) *stanza.Element {
	reply := stanza.ErrorReply(st, e)
	if reply != nil && st.Name == "presence" && st.Child("x", nsMUC) != nil {
		reply.AddChild(stanza.New("x", nsMUC))
	}
	return reply
}

// answer sends a reply, which may be nil, to where a stanza came from. A session that has ended hears nothing.
func (s *service) answer(ctx context.Context, origin sdk.Session, reply *stanza.Element) {
	if reply == nil || origin == nil {
		return
	}
	if err := origin.Send(ctx, reply); err != nil {
		s.log.Debug("not answered", "err", err)
	}
}

// refusedWith is the *stanza.Error in err, nil if the failure is not one that whoever asked is told.
func refusedWith(err error) *stanza.Error {
	var e *stanza.Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// answerFailure answers st with the refusal in err, said by the room, and returns other errors, which end the handling of st.
func (r *Room) answerFailure(ctx context.Context, origin sdk.Session, st *stanza.Element, err error) error {
	e := refusedWith(err)
	if e == nil {
		return err
	}
	said := *e
	said.By = r.jid
	r.s.answerError(ctx, origin, st, &said)
	return nil
}

// answerError is answer with an error reply to st.
func (s *service) answerError(ctx context.Context, origin sdk.Session, st *stanza.Element, e *stanza.Error) {
	s.answer(ctx, origin, stanza.ErrorReply(st, e))
}
