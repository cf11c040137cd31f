package muccore

import (
	"context"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Lists of people and changes to them (XEP-0045 #modifymember … #modifyowner, #kick, #ban, #grantvoice …; M137, M144, M169). What an item
// says is in admin_item.go.

func (s *service) loadAdminQuery(context.Context) error {
	s.method("handle_admin_query_set_command", (*Room).handleAdminSet)
	s.method("handle_admin_query_get_command", (*Room).handleAdminGet)
	return nil
}

// handleAdminSet reads all items before the first one is applied, so that a malformed one changes nothing.
func (r *Room) handleAdminSet(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	var changes []adminChange
	for item := range st.Tags[0].ChildTags("item", "") {
		c, e := r.readItem(item)
		if e != nil {
			r.s.answerError(ctx, origin, st, e)
			return true, nil
		}
		changes = append(changes, c)
	}
	if len(changes) == 0 {
		r.refuseStanza(ctx, origin, st, stanza.Cancel, stanza.BadRequest, "")
		return true, nil
	}
	if err := r.applyAll(ctx, st.From(), changes); err != nil {
		return true, r.answerFailure(ctx, origin, st, err)
	}
	r.s.answer(ctx, origin, stanza.Reply(st))
	return true, nil
}

// applyAll applies all or none. Each has to be possible after those before it.
func (r *Room) applyAll(ctx context.Context, actor string, changes []adminChange) error {
	return r.changeTogether(ctx, func(ctx context.Context) error {
		for _, c := range changes {
			err := r.applyChange(ctx, actor, c)
			if e := refusedWith(err); e != nil {
				return refuse(e.Type, e.Condition, c.textFor(actor, e.Condition), r.jid)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *Room) handleAdminGet(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	var affiliation, role string
	var byAffiliation, byRole bool
	if item := st.Tags[0].Child("item", ""); item != nil {
		affiliation, byAffiliation = item.LookupAttr("affiliation")
		role, byRole = item.LookupAttr("role")
	}
	query := stanza.New("query", nsAdmin)
	var may bool
	var err error
	switch {
	case byAffiliation && !byRole && isRank(affiliationRanks, affiliation):
		if may, err = r.mayListAffiliation(ctx, st.From(), affiliation); may {
			r.listAffiliation(query, affiliation)
		}
	case byRole && !byAffiliation && isRank(roleRanks, role):
		if may, err = r.mayListRoles(ctx, st.From()); may {
			err = r.listRole(ctx, query, role)
		}
	default:
		r.refuseStanza(ctx, origin, st, stanza.Cancel, stanza.BadRequest, "")
		return true, nil
	}
	if err != nil {
		return true, err
	}
	if !may {
		r.refuseStanza(ctx, origin, st, stanza.Auth, stanza.Forbidden, "")
		return true, nil
	}
	r.s.answer(ctx, origin, stanza.Reply(st).AddChild(query))
	return true, nil
}

// isRank is whether somebody wrote a name that has a rank; "" is none.
func isRank(ranks map[string]int, name string) bool {
	_, known := ranks[name]
	return known && name != ""
}

// mayListAffiliation (M144): members of a room in which everybody is known may know everybody.
func (r *Room) mayListAffiliation(ctx context.Context, actor, affiliation string) (bool, error) {
	actors, err := r.affiliation(ctx, actor)
	if err != nil {
		return false, err
	}
	rank := affiliationRanks[actors]
	if rank >= affiliationRanks[admin] && rank >= affiliationRanks[affiliation] {
		return true, nil
	}
	membersOnly, err := r.getFlag(ctx, "members_only")
	if err != nil || !membersOnly {
		return false, err
	}
	whois, err := r.getText(ctx, "whois")
	return whois == "anyone" && rank >= affiliationRanks[member], err
}

func (r *Room) mayListRoles(ctx context.Context, actor string) (bool, error) {
	role, err := r.roleOf(ctx, actor)
	return role == moderator, err
}

// roleOf is the role of a real JID: the one that it has, or else would get.
func (r *Room) roleOf(ctx context.Context, realJID string) (string, error) {
	if role := r.role(r.occupantJID(realJID)); role != "" {
		return role, nil
	}
	affiliation, err := r.affiliation(ctx, realJID)
	if err != nil {
		return "", err
	}
	return r.defaultRole(ctx, affiliation)
}

func (r *Room) listAffiliation(query *stanza.Element, affiliation string) {
	for jid, data := range r.eachAffiliation(affiliation) {
		item{affiliation: affiliation, jid: jid, nick: text(data["reserved_nickname"]), reason: text(data["reason"])}.addTo(query)
	}
}

func (r *Room) listRole(ctx context.Context, query *stanza.Element, role string) error {
	for _, o := range r.eachOccupant() {
		if written(o.role) != role {
			continue
		}
		if _, err := r.buildItemList(ctx, o, query, false, item{nick: resourceOf(o.nick)}); err != nil {
			return err
		}
	}
	return nil
}
