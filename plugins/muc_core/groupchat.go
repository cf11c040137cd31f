package muccore

import (
	"context"
	"crypto/rand"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Messages to the room (XEP-0045 #message; M112–M114).

func (s *service) loadGroupchat(context.Context) error {
	s.method("handle_groupchat_to_room", (*Room).handleGroupchatToRoom)
	// Before all that looks at the content: who may not speak is told so, whatever was said.
	s.hook("muc-occupant-groupchat", 50, checkVoice)
	s.hook("muc-occupant-groupchat", 0, dropForgedDelay)
	return nil
}

func (r *Room) handleGroupchatToRoom(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	from := st.From()
	if st.ID() == "" {
		st.SetAttr("id", rand.Text())
	}
	ev := roomEvent{r.newEvent("muc-occupant-groupchat", origin, st, "from", from, "occupant", occupantValue(r.occupantByRealJID(from))), r}
	if stopped, err := r.fireStops(ctx, ev.Event); stopped || err != nil {
		return true, err
	}
	st = ev.Stanza
	r.s.filterMUC(st) // what looks like a word of the room about its occupants is the room's alone
	if o := ev.occupant("occupant"); o != nil {
		st.SetAttr("from", o.nick)
	} else {
		st.SetAttr("from", r.jid)
	}
	defer st.SetAttr("from", from)
	return true, r.broadcastMessage(ctx, st)
}

func checkVoice(ctx context.Context, ev roomEvent) (any, error) {
	role := ""
	if o := ev.occupant("occupant"); o != nil {
		role = o.role
	}
	switch role {
	case "":
		return ev.refuse(ctx, refuse(stanza.Cancel, stanza.NotAcceptable, "You are not in this room", ev.room.jid))
	case visitor:
		return ev.refuse(ctx, refuse(stanza.Auth, stanza.Forbidden, "You have no voice in this room", ev.room.jid))
	}
	return nil, nil
}

// dropForgedDelay: nobody but the room says when it delayed a message.
func dropForgedDelay(_ context.Context, ev roomEvent) (any, error) {
	st := ev.Stanza
	if st.Child("delay", nsDelay) == nil && st.Child("x", nsLegacyDelay) == nil {
		return nil, nil
	}
	st.MapTags(func(child *stanza.Element) *stanza.Element {
		isDelay := child.NS() == nsDelay || child.NS() == nsLegacyDelay
		if isDelay && child.Attr("from") == ev.room.jid {
			return nil
		}
		return child
	})
	return nil, nil
}
