package muccore

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/google/uuid"

	"quatrain/xmpp/stanza"
)

// Occupant identifiers: the same person has the same one in this room for ever, whatever the nick (XEP-0421; M173).

func (s *service) loadOccupantID(ctx context.Context) error {
	if !s.optionBool("muc_occupant_id", true) {
		return nil
	}
	s.addFeature(ctx, nsOccupantID)
	s.hook("muc-disco#info", 0, func(_ context.Context, ev roomEvent) (any, error) {
		addDiscoFeature(ev, nsOccupantID)
		return nil, nil
	})
	for _, event := range []string{
		"muc-occupant-pre-join", "muc-occupant-pre-change", "muc-occupant-groupchat", "muc-broadcast-presence", "muc-private-message",
	} {
		s.hook(event, 0, stampEvent)
	}
	return nil
}

// salt is the room's secret for identifiers, made and saved when first asked for.
func (r *Room) salt(ctx context.Context) (string, error) {
	if f := r.replaced("get_salt"); f != nil {
		results, err := f.Call(ctx, r)
		return text(first(results)), err
	}
	return r.ownSalt(ctx)
}

func (r *Room) ownSalt(ctx context.Context) (string, error) {
	if salt := r.dataText("occupant_id_salt"); salt != "" {
		return salt, nil
	}
	salt := uuid.NewString()
	r.setData("occupant_id_salt", salt)
	// Old rooms have no salt. Identifiers that somebody has seen are to last.
	if err := r.save(ctx, false, false); err != nil {
		r.s.log.Error("a room will have other occupant ids after a restart", "jid", r.jid, "err", err)
	}
	return salt, nil
}

// occupantID is the identifier of an occupant (XEP-0421).
func (r *Room) occupantID(ctx context.Context, o *Occupant) (string, error) {
	if f := r.replaced("get_occupant_id"); f != nil {
		results, err := f.Call(ctx, r, o)
		return text(first(results)), err
	}
	return r.ownOccupantID(ctx, o)
}

func (r *Room) ownOccupantID(ctx context.Context, o *Occupant) (string, error) {
	if o.stableID == "" {
		salt, err := r.salt(ctx)
		if err != nil {
			return "", err
		}
		mac := hmac.New(sha256.New, []byte(o.bareJID))
		mac.Write([]byte(salt))
		o.stableID = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return o.stableID, nil
}

// stampEvent: any identifier that is there already was put there by the client. Without an occupant it is the room that speaks, which has
// none.
func stampEvent(ctx context.Context, ev roomEvent) (any, error) {
	st := ev.Stanza
	if st == nil {
		return nil, nil
	}
	if st.Child("occupant-id", nsOccupantID) != nil {
		st.RemoveChildren("occupant-id", nsOccupantID)
	}
	o := ev.occupant("dest_occupant")
	if o == nil {
		o = ev.occupant("occupant")
	}
	if o == nil {
		return nil, nil
	}
	id, err := ev.room.occupantID(ctx, o)
	if err != nil {
		return nil, err
	}
	st.AddChild(stanza.New("occupant-id", nsOccupantID, "id", id))
	return nil, nil
}
