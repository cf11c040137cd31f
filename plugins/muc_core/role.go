package muccore

import (
	"context"

	"quatrain/xmpp/stanza"
)

// Roles: what an occupant may do at the moment (XEP-0045 #roles, #moderator; M135, M145, M146).

func (s *service) loadRole(context.Context) error {
	// Last, so that facets such as moderated and members_only can say something else.
	s.hook("muc-get-default-role", -1, func(_ context.Context, ev roomEvent) (any, error) {
		rank, _ := ev.number("affiliation_rank")
		switch {
		case rank >= float64(affiliationRanks[admin]):
			return moderator, nil
		case rank >= float64(affiliationRanks[none]):
			return participant, nil
		}
		return nil, nil
	})
	return nil
}

// defaultRole is what somebody of this affiliation gets on joining (M135), "" for none.
func (r *Room) defaultRole(ctx context.Context, affiliation string) (string, error) {
	if f := r.replaced("get_default_role"); f != nil {
		results, err := f.Call(ctx, r, optional(affiliation))
		return unwritten(text(first(results))), err
	}
	return r.ownDefaultRole(ctx, affiliation)
}

func (r *Room) ownDefaultRole(ctx context.Context, affiliation string) (string, error) {
	result, err := r.fire(ctx, r.newEvent("muc-get-default-role", nil, nil,
		"affiliation", optional(affiliation), "affiliation_rank", float64(affiliationRanks[affiliation])))
	return unwritten(text(result)), err
}

// role is that of an occupant, "" for none or if there is no such occupant.
func (r *Room) role(occupantJID string) string {
	if o := r.occupants[occupantJID]; o != nil {
		return o.role
	}
	return ""
}

// hasAuthority is M145, if nobody else decides.
func (r *Room) hasAuthority(ctx context.Context, actor string, o *Occupant, role string) (bool, error) {
	of, err := r.affiliation(ctx, actor)
	if err != nil {
		return false, err
	}
	target, err := r.affiliation(ctx, o.bareJID)
	if err != nil {
		return false, err
	}
	isSuperior := affiliationRanks[of] < affiliationRanks[target]
	aboutModerators := o.role == moderator || role == moderator
	isAdmin := affiliationRanks[of] >= affiliationRanks[admin]
	isModerator := r.role(r.occupantJID(actor)) == moderator
	return isModerator && !isSuperior && (isAdmin || !aboutModerators), nil
}

// maySetRole is whether an actor, a real JID, may give an occupant a role: nil, or a *stanza.Error.
func (r *Room) maySetRole(ctx context.Context, actor string, o *Occupant, role string) error {
	if f := r.replaced("may_set_role"); f != nil {
		return refusedBy(f.Call(ctx, r, actor, o, optional(role)))
	}
	return r.ownMaySetRole(ctx, actor, o, role)
}

func (r *Room) ownMaySetRole(ctx context.Context, actor string, o *Occupant, role string) error {
	ev := r.newEvent("muc-pre-set-role", nil, nil, "actor", actor, "occupant", o, "role", optional(role))
	if _, err := r.fire(ctx, ev); err != nil {
		return err
	}
	if allowed := ev.Get("allowed"); allowed != nil {
		if isTrue(allowed) {
			return nil
		}
		return errorOf(ev.Get("error"), ev.Get("condition"), nil)
	}
	has, err := r.hasAuthority(ctx, actor, o, role)
	if err != nil || has {
		return err
	}
	return refuse(stanza.Cancel, stanza.NotAllowed, "", "")
}

// changeRole gives an occupant, a copy, this role ("": out), and tells nobody. What others have done meanwhile is not taken back with it.
func (r *Room) changeRole(o *Occupant, role string) {
	before, oldRole := o.copy(), o.role
	o.role = role
	r.saveOccupant(o)
	r.unlessSaved(func(context.Context) error {
		now := r.occupantByNick(o.nick)
		if now == nil && role == "" {
			now = before
		}
		if now != nil && now.bareJID == before.bareJID {
			now.role = oldRole
			r.saveOccupant(now)
		}
		return nil
	})
}

// setRole gives an occupant a role and tells everybody. actor is a real JID, or byService. "" kicks. The error is a *stanza.Error where it is
// refused.
func (r *Room) setRole(ctx context.Context, actor, occupantJID, role, reason string) error {
	if f := r.replaced("set_role"); f != nil {
		return refusedBy(f.Call(ctx, r, actorArgument(actor), occupantJID, optional(role), optional(reason)))
	}
	return r.ownSetRole(ctx, actor, occupantJID, role, reason)
}

func (r *Room) ownSetRole(ctx context.Context, actor, occupantJID, role, reason string) error {
	o := r.occupantByNick(occupantJID)
	_, isRole := roleRanks[role]
	switch {
	case actor == "":
		return refuse(stanza.Modify, stanza.NotAcceptable, "", "")
	case o == nil:
		return refuse(stanza.Modify, stanza.ItemNotFound, "", "")
	case !isRole:
		return refuse(stanza.Modify, stanza.NotAcceptable, "", "")
	}
	role = unwritten(role)
	if actor != byService {
		if err := r.maySetRole(ctx, actor, o, role); err != nil {
			return err
		}
	}
	said := announcement{x: newX(), actor: actor, reason: reason, prevRole: o.role}
	if role == "" {
		addStatus(said.x, "307")
	}
	r.changeRole(o, role)
	return r.onceSaved(ctx, func(ctx context.Context) error {
		if err := r.publicise(ctx, o, said); err != nil || role != "" {
			return err
		}
		return r.tellLeft(ctx, o, nil, nil)
	})
}

// actorArgument is an actor as functions of other plugins take it.
func actorArgument(actor string) any {
	if actor == byService {
		return true
	}
	return optional(actor)
}
