package muccore

import (
	"context"

	"quatrain/xmpp/stanza"
)

// item is the <item/> of muc#user: who somebody is in the room, as far as the reader may know (XEP-0045 #schemas-user; M80–M85). "" is left
// out.
type item struct {
	affiliation, role   string // as written: "none" for none
	jid, nick           string
	actorNick, actorJID string
	reason              string
}

// addTo adds the item to an <x/> or <query/>, which it returns.
func (i item) addTo(x *stanza.Element) *stanza.Element {
	e := stanza.New("item", "")
	for _, a := range []stanza.Attr{{Name: "affiliation", Value: i.affiliation}, {Name: "role", Value: i.role}, {Name: "jid", Value: i.jid}, {Name: "nick", Value: i.nick}} {
		if a.Value != "" {
			e.SetAttr(a.Name, a.Value)
		}
	}
	if i.actorNick != "" || i.actorJID != "" {
		actor := stanza.New("actor", "")
		if i.actorNick != "" {
			actor.SetAttr("nick", i.actorNick)
		}
		if i.actorJID != "" {
			actor.SetAttr("jid", i.actorJID)
		}
		e.AddChild(actor)
	}
	if i.reason != "" {
		e.TextTag("reason", "", i.reason)
	}
	return x.AddChild(e)
}

// newX is an <x/> of muc#user with status codes.
func newX(codes ...string) *stanza.Element {
	x := stanza.New("x", nsUser)
	for _, code := range codes {
		addStatus(x, code)
	}
	return x
}

// addStatus adds a status code to an <x/>, which it returns.
func addStatus(x *stanza.Element, code string) *stanza.Element {
	return x.AddChild(stanza.New("status", "", "code", code))
}

// canSeeRealJIDs is whether an occupant sees the others' real JIDs.
func canSeeRealJIDs(whois string, o *Occupant) bool { return whois == "anyone" || o.role == moderator }

// buildItemList adds the items of an occupant to x, one for each session; a single one without JID if it is anonymous or no session is left.
// who has what is the same in all: nick, actor, reason. actorJID only for readers who may see it.
func (r *Room) buildItemList(ctx context.Context, o *Occupant, x *stanza.Element, anonymous bool, who item) (*stanza.Element, error) {
	if f := r.replaced("build_item_list"); f != nil {
		results, err := f.Call(ctx, r, o, x, anonymous, optional(who.nick), optional(who.actorNick), optional(who.actorJID), optional(who.reason))
		if built, ok := first(results).(*stanza.Element); ok {
			x = built
		}
		return x, err
	}
	return r.ownBuildItemList(ctx, o, x, anonymous, who)
}

func (r *Room) ownBuildItemList(ctx context.Context, o *Occupant, x *stanza.Element, anonymous bool, who item) (*stanza.Element, error) {
	affiliation, err := r.affiliation(ctx, o.bareJID)
	if err != nil {
		return x, err
	}
	who.affiliation, who.role = written(affiliation), written(o.role)
	if anonymous || len(o.sessions) == 0 {
		return who.addTo(x), nil
	}
	for _, session := range o.sessions {
		who.jid = session.jid
		who.addTo(x)
	}
	return x, nil
}

// isAnonymousFor is whether real JIDs are hidden from this one, who need not be in the room (M81).
func (r *Room) isAnonymousFor(ctx context.Context, jid string) (bool, error) {
	if f := r.replaced("is_anonymous_for"); f != nil {
		results, err := f.Call(ctx, r, jid)
		return isTrue(first(results)), err
	}
	return r.ownIsAnonymousFor(ctx, jid)
}

func (r *Room) ownIsAnonymousFor(ctx context.Context, jid string) (bool, error) {
	whois, err := r.getText(ctx, "whois")
	if err != nil || whois == "anyone" {
		return false, err
	}
	affiliation, err := r.affiliation(ctx, jid)
	if err != nil || isAdminMatter(affiliation) {
		return false, err
	}
	o := r.occupants[r.jidNick[jid]]
	return o == nil || !canSeeRealJIDs(whois, o), nil
}

// nickOf is the nick of a session, "" if it is not in the room.
func (r *Room) nickOf(realJID string) string {
	return resourceOf(r.jidNick[realJID])
}
