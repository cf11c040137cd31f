package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// The list of public rooms that the service shows (XEP-0045 #disco-rooms; M6, M7). Who asks for pages gets pages (XEP-0059).

// publicRoomsState is the index of public rooms.
type publicRoomsState struct {
	index   *publicIndex
	mayList permission
}

func (s *service) loadPublicRooms(ctx context.Context) {
	s.public.mayList = s.definePermission("list-rooms", "prosody:guest")
	s.public.index = newPublicIndex(func(ctx context.Context, f func(jid, name string, public bool)) {
		s.eachConfig(ctx, func(jid string, config sdk.Data) {
			data, _ := stored(config["_data"])
			f(jid, text(data["name"]), !isTrue(data["hidden"]))
		})
	})
	s.addFeature(ctx, nsRSM)
	s.m.Hook("host-disco-items", 0, s.listRooms)
}

// queryOf is where the rooms go, nil if there is no answer.
func queryOf(ev *sdk.Event) *stanza.Element {
	reply, _ := ev.Get("reply").(*stanza.Element)
	if reply == nil || len(reply.Tags) == 0 {
		return nil
	}
	return reply.Tags[0]
}

// updatePublic says how a room is now.
func (s *service) updatePublic(ctx context.Context, r *Room) error {
	public, err := r.getFlag(ctx, "public")
	if err != nil {
		return err
	}
	name, err := r.getText(ctx, "name")
	if err != nil {
		return err
	}
	s.public.index.set(r.jid, name, public)
	return nil
}

// listRooms adds the rooms to the list of the service. A page has rooms only: what others add to the list would be on each.
func (s *service) listRooms(ctx context.Context, ev *sdk.Event) (any, error) {
	query := queryOf(ev)
	if query == nil || ev.Stanza != nil && !s.public.mayList.allows(ctx, s, ev.Stanza.From()) {
		return nil, nil
	}
	s.public.index.read(ctx)
	if ev.Stanza != nil && len(ev.Stanza.Tags) > 0 {
		if wish, ok := readPageWish(ev.Stanza.Tags[0]); ok {
			s.public.index.addPageTo(query, wish)
			s.answer(ctx, ev.Origin, ev.Get("reply").(*stanza.Element))
			return true, nil
		}
	}
	s.public.index.addTo(query)
	return nil, nil
}

// allNames are the names of all rooms by their JID, "" if there is none, without loading any. Tombstones are no rooms.
func (s *service) allNames(ctx context.Context) map[string]string {
	names := map[string]string{}
	note := func(jid string, data sdk.Data) {
		delete(names, jid)
		if !isTrue(data["destroyed"]) {
			names[jid] = text(data["name"])
		}
	}
	s.eachConfig(ctx, func(jid string, config sdk.Data) {
		data, _ := stored(config["_data"])
		note(jid, data)
	})
	for _, r := range s.liveRooms() {
		if _, leave, err := r.enter(ctx); err == nil {
			note(r.jid, r.data)
			leave()
		}
	}
	return names
}
