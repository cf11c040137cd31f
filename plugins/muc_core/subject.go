package muccore

import "context"

// subjectState is the greatest length of a subject.
type subjectState struct {
	maxLength int
}

func (s *service) loadSubject(context.Context) error { return nil }

// subject is the occupant JID of whoever set it (the room's JID if nobody did), and the text.
func (r *Room) subject() (from, subject string) {
	if from = r.dataText("subject_from"); from == "" {
		from = r.jid
	}
	return from, r.dataText("subject")
}

// setSubject changes the subject, saves and tells all. from: occupant JID. id: that of the message which asked for it; clients match on it. It
// tells whether there was a change; the error is a *stanza.Error if it cannot be saved, and then it stays.
func (r *Room) setSubject(ctx context.Context, from, subject, id string) (bool, error) {
	return false, nil // FIXME declared only
}

// sendSubject tells a session the subject. time is when it was set, in seconds since 1970, 0 if nobody knows.
func (r *Room) sendSubject(ctx context.Context, to string, time float64) error {
	return nil // FIXME declared only
}
