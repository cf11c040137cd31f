package muccore

import (
	"context"
	"strings"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// Changing affiliations: others agree, whom it concerns gets another role, it is saved, and all are told (XEP-0045 #modifymember …;
// M138–M143).

func (s *service) loadAffiliationChange(context.Context) error { return nil }

// setAffiliation gives somebody another affiliation. actor is a real JID, or byService. data: nil leaves what is there, an empty map clears
// it. The error is a *stanza.Error where the change is refused or cannot be saved, and then it has not happened.
func (r *Room) setAffiliation(ctx context.Context, actor, jid, affiliation, reason string, data sdk.Data) error {
	if f := r.replaced("set_affiliation"); f != nil {
		return refusedBy(f.Call(ctx, r, actorArgument(actor), jid, optional(affiliation), optional(reason), shownData(data)))
	}
	return r.ownSetAffiliation(ctx, actor, jid, affiliation, reason, data)
}

func (r *Room) ownSetAffiliation(ctx context.Context, actor, jid, affiliation, reason string, data sdk.Data) error {
	jid, affiliation = bareOf(jid), unwritten(affiliation)
	if err := r.checkAffiliation(ctx, actor, jid, affiliation); err != nil {
		return err
	}
	c := &affiliationChange{room: r, jid: jid, affiliation: affiliation, data: data}
	if err := c.askOthers(ctx, actor, reason); err != nil {
		return err
	}
	return r.changeTogether(ctx, c.make)
}

// checkAffiliation is what is known without asking others.
func (r *Room) checkAffiliation(ctx context.Context, actor, bareJID, affiliation string) error {
	_, domain, _ := jid.Split(bareJID)
	_, known := affiliationRanks[affiliation]
	if actor == "" || domain == "" || !known {
		return refuse(stanza.Modify, stanza.NotAcceptable, "", "")
	}
	return r.maySetAffiliation(ctx, actor, bareJID, affiliation)
}

// affiliationChange is one change on its way.
type affiliationChange struct {
	room        *Room
	jid         string // bare, or a domain
	affiliation string
	previous    string
	data        sdk.Data   // nil leaves what is there, empty clears it
	event       *sdk.Event // others may have changed it
	effects     []sdk.Function
	updated     []updatedRole
	role        string // that of the new affiliation
}

// updatedRole is an occupant, with the new role, and its former one.
type updatedRole struct {
	occupant *Occupant
	before   string
}

// askOthers lets others see, change or veto the change.
func (c *affiliationChange) askOthers(ctx context.Context, actor, reason string) error {
	r := c.room
	c.previous = r.affiliations[c.jid]
	c.event = r.newEvent("muc-pre-set-affiliation", nil, nil,
		"actor", actorValue(actor), "jid", c.jid, "affiliation", written(c.affiliation), "reason", optional(reason),
		"previous_affiliation", written(c.previous), "previous_data", shownData(r.affiliationData[c.jid]),
		// For what must not happen unless the change does: f is called when it is saved, before others hear of it.
		"once_saved", sdk.Func(c.addEffect))
	if len(c.data) > 0 {
		c.event.Set("data", tableOf(c.data))
	}
	if _, err := r.fire(ctx, c.event); err != nil {
		return err
	}
	if c.event.Get("allowed") == false {
		return vetoOf(ctx, c.event.Get("error"))
	}
	return c.takeData(ctx)
}

func (c *affiliationChange) addEffect(_ context.Context, args ...any) ([]any, error) {
	if f, ok := first(args).(sdk.Function); ok {
		c.effects = append(c.effects, f)
	}
	return nil, nil
}

// vetoOf is the error that a handler has given, or the usual one.
func vetoOf(ctx context.Context, v any) error {
	if e := sdk.ErrorOf(ctx, v); e != nil {
		return e
	}
	return refuse(stanza.Cancel, stanza.NotAllowed, "", "")
}

// takeData takes over the data that others have put into the event.
func (c *affiliationChange) takeData(ctx context.Context) error {
	v := c.event.Get("data")
	if v == nil {
		if len(c.data) > 0 {
			c.data = nil // somebody has taken them away
		}
		return nil
	}
	plain, err := sdk.Plain(ctx, v)
	if err != nil {
		return err
	}
	c.data, _ = plain.(sdk.Data)
	return nil
}

// make makes the change as part of a transaction.
func (c *affiliationChange) make(ctx context.Context) error {
	c.store()
	if err := c.updateRoles(ctx); err != nil {
		return err
	}
	c.room.savePersonLater(c.jid)
	return c.room.onceSaved(ctx, c.finish)
}

// store writes affiliation and data; who loses the affiliation loses the data, too.
func (c *affiliationChange) store() {
	r, jid := c.room, c.jid
	oldAffiliation, oldData := r.affiliations[jid], r.affiliationData[jid]
	data := oldData
	if c.data != nil {
		data = c.data
	}
	if c.affiliation == "" {
		data = nil
	}
	r.putAffiliation(jid, c.affiliation, data)
	r.unlessSaved(func(context.Context) error {
		r.putAffiliation(jid, oldAffiliation, oldData)
		return nil
	})
}

func (r *Room) putAffiliation(jid, affiliation string, data sdk.Data) {
	if affiliation == "" {
		delete(r.affiliations, jid)
	} else {
		r.affiliations[jid] = affiliation
	}
	if len(data) == 0 {
		delete(r.affiliationData, jid)
	} else {
		r.affiliationData[jid] = data
	}
}

// updateRoles: a downgrade takes roles away, an upgrade only ever gives (M141).
func (c *affiliationChange) updateRoles(ctx context.Context) (err error) {
	if c.role, err = c.room.defaultRole(ctx, c.affiliation); err != nil {
		return err
	}
	for _, o := range c.room.inOrder() { // to copy all of them would cost more than the rest
		meant, err := c.isMeant(ctx, o)
		if err != nil {
			return err
		}
		if meant {
			c.updated = append(c.updated, updatedRole{o.copy(), o.role})
		}
	}
	downgraded := affiliationRanks[c.previous] > affiliationRanks[c.affiliation]
	for _, u := range c.updated {
		if c.role != u.before && (downgraded || roleRanks[u.before] < roleRanks[c.role]) {
			c.room.changeRole(u.occupant, c.role)
		}
	}
	return nil
}

// isMeant: a domain's ban means everybody of that domain who has no affiliation of his own.
func (c *affiliationChange) isMeant(ctx context.Context, o *Occupant) (bool, error) {
	if o.bareJID == c.jid {
		return true, nil
	}
	if c.affiliation != outcast || domainOf(o.bareJID) != c.jid {
		return false, nil
	}
	affiliation, err := c.room.affiliation(ctx, o.bareJID)
	return affiliation == outcast, err
}

// finish is what follows once the change is saved.
func (c *affiliationChange) finish(ctx context.Context) error {
	for _, effect := range c.effects {
		if _, err := effect.Call(ctx); err != nil {
			return err
		}
	}
	c.event.Set("in_room", len(c.updated) > 0)
	if err := c.announce(ctx); err != nil {
		return err
	}
	_, err := c.room.fire(ctx, c.event.As("muc-set-affiliation"))
	return err
}

func (c *affiliationChange) announce(ctx context.Context) error {
	if len(c.updated) > 0 {
		return c.announcePresent(ctx)
	}
	if err := c.announceAbsent(ctx); err != nil {
		return err
	}
	return c.tellAbsent(ctx)
}

func (c *affiliationChange) announcePresent(ctx context.Context) error {
	x := c.newX()
	for _, u := range c.updated {
		o := u.occupant
		a := announcement{x: x, actor: c.event.String("actor"), reason: c.event.String("reason"), prevRole: u.before}
		if err := c.room.publicise(ctx, o, a); err != nil {
			return err
		}
		if err := c.roleUpdated(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

func (c *affiliationChange) roleUpdated(ctx context.Context, u updatedRole) error {
	r, o := c.room, u.occupant
	if o.role == "" {
		return r.tellLeft(ctx, o, nil, nil)
	}
	if (u.before == moderator) == (o.role == moderator) {
		return nil
	}
	whois, err := r.getText(ctx, "whois")
	if err != nil || whois != "moderators" {
		return err
	}
	return r.showOthersAgain(ctx, o)
}

// showOthersAgain: gaining or losing the moderator role means to see other people's JIDs, or not to any longer (M84).
func (r *Room) showOthersAgain(ctx context.Context, o *Occupant) error {
	isOther := func(_ string, other *Occupant) bool { return other == nil || other.bareJID != o.bareJID }
	for _, session := range o.sessions {
		if err := r.sendOccupantList(ctx, session.jid, isOther); err != nil {
			return err
		}
	}
	return nil
}

// announceAbsent: XEP-0045 #grantmember: "If the user is not in the room …" (M142).
func (c *affiliationChange) announceAbsent(ctx context.Context) error {
	i := item{affiliation: written(c.affiliation), jid: c.jid, reason: c.event.String("reason")}
	message := stanza.Message("", "from", c.room.jid).AddChild(i.addTo(c.newX()))
	whois, err := c.room.getText(ctx, "whois")
	if err != nil {
		return err
	}
	if whois == "moderators" {
		return c.room.broadcastToModerators(ctx, message)
	}
	return c.room.broadcast(ctx, message, nil)
}

// tellAbsent: somebody hears of a change that others have made while away (XEP-0045 #registrar-statuscodes, 101). What the service does by
// itself (membership by an invitation, ownership of a new room) is told in its own way.
func (c *affiliationChange) tellAbsent(ctx context.Context) error {
	actor := c.event.String("actor")
	isAccount := strings.Contains(c.jid, "@")
	byOthers := actor != "" && bareOf(actor) != c.jid
	if !isAccount || !byOthers || c.affiliation == c.previous {
		return nil
	}
	i := item{affiliation: written(c.affiliation), role: none, jid: c.jid, reason: c.event.String("reason")}
	return c.room.routeStanza(ctx, stanza.Message("", "from", c.room.jid, "to", c.jid).AddChild(i.addTo(newX("101"))))
}

func (c *affiliationChange) newX() *stanza.Element {
	switch {
	case c.role != "":
		return newX()
	case c.affiliation == outcast:
		return newX("301")
	}
	return newX("321")
}
