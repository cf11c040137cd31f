package muccore

import (
	"context"
	"iter"
	"maps"
	"slices"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Affiliations: what someone is to the room, whether present or not (XEP-0045 #affil, #modifyowner; M135, M136, M138). How they are changed
// is in affiliation_change.go.

func (s *service) loadAffiliation(context.Context) error {
	// Before the room is kept (-1000), so that it never exists without an owner.
	s.hook("muc-room-pre-create", -1, giveOwnership)
	// After the members-only check (-5), before the cheaper ways to be told no (password, lock).
	s.hook("muc-occupant-pre-join", -10, refuseOutcast)
	return nil
}

// affiliation is that of the bare JID, or of the whole domain if that is banned (M136); "" for none.
func (r *Room) affiliation(ctx context.Context, jid string) (string, error) {
	if f := r.replaced("get_affiliation"); f != nil {
		results, err := f.Call(ctx, r, jid)
		return unwritten(text(first(results))), err
	}
	return r.ownAffiliation(ctx, jid)
}

func (r *Room) ownAffiliation(ctx context.Context, jid string) (string, error) {
	if r.s.creation.ownsAll(ctx, r.s, jid) {
		return owner, nil
	}
	if affiliation := r.affiliations[bareOf(jid)]; affiliation != "" {
		return affiliation, nil
	}
	if r.affiliations[domainOf(jid)] == outcast {
		return outcast, nil
	}
	return "", nil
}

// eachAffiliation are JID and data of all with an affiliation, of any if it is "", by address. They may be changed meanwhile.
func (r *Room) eachAffiliation(affiliation string) iter.Seq2[string, sdk.Data] {
	return func(yield func(string, sdk.Data) bool) {
		for _, jid := range slices.Sorted(maps.Keys(r.affiliations)) {
			now := r.affiliations[jid]
			if now == "" || affiliation != "" && now != affiliation {
				continue
			}
			if !yield(jid, r.affiliationData[jid]) {
				return
			}
		}
	}
}

// isOnlyOwner is whether this bare JID is an owner, and nobody else is.
func (r *Room) isOnlyOwner(bareJID string) bool {
	for jid, affiliation := range r.affiliations {
		if affiliation == owner && jid != bareJID {
			return false
		}
	}
	return r.affiliations[bareJID] == owner
}

// maySetAffiliation is whether an actor (a real JID, or byService) may give a bare JID an affiliation (M138): nil, or a *stanza.Error.
func (r *Room) maySetAffiliation(ctx context.Context, actor, bareJID, affiliation string) error {
	if f := r.replaced("may_set_affiliation"); f != nil {
		return refusedBy(f.Call(ctx, r, actorArgument(actor), bareJID, optional(affiliation)))
	}
	return r.ownMaySetAffiliation(ctx, actor, bareJID, affiliation)
}

func (r *Room) ownMaySetAffiliation(ctx context.Context, actor, bareJID, affiliation string) error {
	if affiliation != owner && r.s.creation.ownsAll(ctx, r.s, bareJID) {
		return refuse(stanza.Modify, stanza.NotAcceptable, "", "")
	}
	if actor == byService {
		return nil
	}
	actors, err := r.affiliation(ctx, actor)
	if err != nil {
		return err
	}
	switch {
	case actors == owner && bareOf(actor) == bareJID && affiliation != owner && r.isOnlyOwner(bareJID):
		return refuse(stanza.Cancel, stanza.Conflict, "", "")
	case actors == owner:
		return nil
	case actors == admin && !isAdminMatter(affiliation) && !isAdminMatter(r.affiliations[bareJID]):
		return nil
	}
	return refuse(stanza.Cancel, stanza.NotAllowed, "", "")
}

// isAdminMatter is whether an affiliation is one that admins neither give nor take.
func isAdminMatter(affiliation string) bool { return affiliation == owner || affiliation == admin }

// giveOwnership: whoever makes a room owns it.
func giveOwnership(ctx context.Context, ev roomEvent) (any, error) {
	err := ev.room.setAffiliation(ctx, byService, bareOf(ev.Stanza.From()), owner, "", nil)
	if refusedWith(err) != nil {
		return nil, nil // another plugin objects, and knows why
	}
	return nil, err
}

// refuseOutcast answers who is banned (XEP-0045 #enter-ban).
func refuseOutcast(ctx context.Context, ev roomEvent) (any, error) {
	affiliation, err := ev.room.affiliation(ctx, ev.Stanza.From())
	if err != nil || affiliation != outcast {
		return nil, err
	}
	return ev.refuseEntry(ctx, refuse(stanza.Auth, stanza.Forbidden, "You are banned from this room", ev.room.jid))
}
