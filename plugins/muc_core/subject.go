package muccore

import (
	"context"
	"fmt"

	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
)

// The room's subject, and who may change it (XEP-0045 #subject-mod, #enter-subject; M59, M129–M132).

// subjectState is the greatest length of a subject.
type subjectState struct {
	maxLength int // characters
}

func (s *service) loadSubject(context.Context) error {
	s.subject.maxLength = int(s.optionNumber("muc_max_subject_length", 4096))
	s.setting("changesubject", flag("changesubject"))
	s.configField(configField{
		priority: 79, // under the heading "permissions"
		name:     "muc#roomconfig_changesubject",
		typ:      dataform.Boolean,
		label:    "Participants may change the subject",
		desc:     "Otherwise only moderators may",
		setting:  "changesubject",
	})
	s.hook("muc-disco#info", 0, discloseChangeSubject)
	// The last thing a newcomer gets before live messages; history comes first (50).
	s.hook("muc-occupant-session-new", 20, func(ctx context.Context, ev roomEvent) (any, error) {
		time, _ := ev.room.dataNumber("subject_time")
		return nil, ev.room.sendSubject(ctx, ev.Stanza.From(), time)
	})
	// After the role check (50), before what only ordinary messages need (0).
	s.hook("muc-occupant-groupchat", 20, handleSubject)
	return nil
}

func discloseChangeSubject(ctx context.Context, ev roomEvent) (any, error) {
	const name = "muc#roomconfig_changesubject"
	may, err := ev.room.getFlag(ctx, "changesubject")
	if err != nil {
		return nil, err
	}
	if err := addField(ctx, ev, map[string]any{"name": name, "type": dataform.Boolean}); err != nil {
		return nil, err
	}
	return nil, setFormValue(ctx, ev, name, may)
}

func newSubject(from, subject, id string) *stanza.Element {
	message := stanza.New("message", "", "from", from, "type", "groupchat")
	if id != "" {
		message.SetAttr("id", id)
	}
	return message.TextTag("subject", "", subject)
}

// getSubject is get_subject: the occupant JID of whoever set it (the room's JID if nobody did), and the text.
func (r *Room) getSubject(ctx context.Context) (from, subject string, err error) {
	if f := r.replaced("get_subject"); f != nil {
		results, err := f.Call(ctx, r)
		return text(first(results)), text(nth(results, 1)), err
	}
	from, subject = r.ownSubject()
	return from, subject, nil
}

func (r *Room) ownSubject() (from, subject string) {
	if from = r.dataText("subject_from"); from == "" {
		from = r.jid
	}
	return from, r.dataText("subject")
}

// setSubject changes the subject, saves and tells all. from: occupant JID. id: that of the message which asked for it; clients match on it. It
// tells whether there was a change; the error is a *stanza.Error if it cannot be saved, and then it stays.
func (r *Room) setSubject(ctx context.Context, from, subject, id string) (bool, error) {
	if f := r.replaced("set_subject"); f != nil {
		results, err := f.Call(ctx, r, from, optional(subject), optional(id))
		if err == nil && first(results) == nil && nth(results, 1) != nil {
			err = errorOf(nth(results, 1), nth(results, 2), nil)
		}
		return isTrue(first(results)), err
	}
	return r.ownSetSubject(ctx, from, subject, id)
}

func (r *Room) ownSetSubject(ctx context.Context, from, subject, id string) (bool, error) {
	oldFrom, oldSubject, err := r.getSubject(ctx)
	if err != nil || oldSubject == subject && oldFrom == from {
		return false, err
	}
	old := map[string]any{}
	for _, key := range []string{"subject", "subject_from", "subject_time"} {
		old[key] = r.data[key]
	}
	r.setData("subject", subject)
	r.setData("subject_from", from)
	r.setData("subject_time", unixNow())
	if err := r.save(ctx, false, false); err != nil {
		for key, value := range old {
			r.setData(key, value)
		}
		r.s.log.Error("subject of a room was not saved", "jid", r.jid, "err", err)
		return false, refuse(stanza.Wait, stanza.InternalServerError, "", "")
	}
	return true, r.onceSaved(ctx, func(ctx context.Context) error {
		return r.broadcastMessage(ctx, newSubject(from, subject, id))
	})
}

// sendSubject tells a session the subject. time is when it was set, in seconds since 1970, 0 if nobody knows.
func (r *Room) sendSubject(ctx context.Context, to string, time float64) error {
	if f := r.replaced("send_subject"); f != nil {
		var when any
		if time != 0 {
			when = time
		}
		_, err := f.Call(ctx, r, to, when)
		return err
	}
	return r.ownSendSubject(ctx, to, time)
}

func (r *Room) ownSendSubject(ctx context.Context, to string, time float64) error {
	from, subject, err := r.getSubject(ctx)
	if err != nil {
		return err
	}
	message := newSubject(from, subject, "")
	message.SetAttr("to", to)
	if time != 0 {
		message.AddChild(stanza.New("delay", nsDelay, "from", r.jid, "stamp", stamp(time)))
	}
	return r.routeStanza(ctx, message)
}

func (r *Room) mayChangeSubject(ctx context.Context, o *Occupant) (bool, error) {
	all, err := r.getFlag(ctx, "changesubject")
	if o == nil || err != nil {
		return false, err
	}
	required := moderator
	if all {
		required = participant
	}
	return roleRanks[o.role] >= roleRanks[required], nil
}

// handleSubject takes a message that changes the subject. With a body or a thread it is an ordinary message.
func handleSubject(ctx context.Context, ev roomEvent) (any, error) {
	r, st, o := ev.room, ev.Stanza, ev.occupant("occupant")
	subject := st.Child("subject", "")
	if subject == nil || st.Child("body", "") != nil || st.Child("thread", "") != nil {
		return nil, nil
	}
	may, err := r.mayChangeSubject(ctx, o)
	if err != nil {
		return nil, err
	}
	if !may {
		return ev.refuse(ctx, refuse(stanza.Auth, stanza.Forbidden, "You may not change the subject", r.jid))
	}
	if limit := r.s.subject.maxLength; isTooLong(subject.Text(), limit) {
		return ev.refuse(ctx, refuse(stanza.Modify, stanza.NotAcceptable, fmt.Sprintf("A subject has at most %d characters", limit), r.jid))
	}
	if _, err := r.setSubject(ctx, o.nick, subject.Text(), st.ID()); err != nil {
		return true, r.answerFailure(ctx, ev.Origin, st, err)
	}
	return true, nil
}
