package muccore

import (
	"context"
	"maps"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// adminChange is what an <item/> asks for.
type adminChange struct {
	affiliation, role     string // as written; see ofAffiliation and ofRole
	ofAffiliation, ofRole bool   // whether it is about that
	jid, nick, reason     string
	hasNick               bool
	unreserve             bool // the reserved nick is given back
}

// unknownRank stands for an affiliation or role that was left empty: to the room "" is none.
const unknownRank = "-"

// readItem reads an <item/>. The error is for the sender.
func (r *Room) readItem(e *stanza.Element) (adminChange, *stanza.Error) {
	c := adminChange{reason: e.ChildText("reason", "")}
	c.affiliation, c.ofAffiliation = rankAttr(e, "affiliation")
	c.role, c.ofRole = rankAttr(e, "role")
	if address, ok := e.LookupAttr("jid"); ok {
		c.jid = prepare(address)
		if c.jid == "" || resourceOf(c.jid) != "" && !c.ofRole {
			return c, refuse(stanza.Modify, stanza.JIDMalformed, "A bare JID is expected", r.jid)
		}
	}
	nick, named := e.LookupAttr("nick")
	switch {
	case named && nick == "" && c.ofAffiliation && c.jid != "":
		c.unreserve = true // XEP-0045 #modifymember
	case named:
		prepared, ok := jid.Resourceprep(nick, false)
		if !ok {
			return c, refuse(stanza.Modify, stanza.JIDMalformed, "This nickname has characters that are not allowed", r.jid)
		}
		c.nick, c.hasNick = prepared, true
	}
	r.complete(&c)
	return c, nil
}

func rankAttr(e *stanza.Element, name string) (string, bool) {
	value, ok := e.LookupAttr(name)
	if ok && value == "" {
		value = unknownRank
	}
	return value, ok
}

// complete finds the JID of a nick, or the nick of a JID, if the other one is asked for.
func (r *Room) complete(c *adminChange) {
	if c.ofAffiliation && c.hasNick && c.jid == "" {
		// COMPAT Some clients name the nick where XEP-0045 wants the JID. That reserves nothing.
		if o := r.occupants[r.jid+"/"+c.nick]; o != nil {
			c.jid = o.bareJID
		}
		c.nick, c.hasNick = "", false
	} else if c.ofRole && c.jid != "" && !c.hasNick {
		c.nick = resourceOf(r.occupantJID(c.jid))
		c.hasNick = c.nick != ""
	}
}

// applyChange makes one change. The error is a *stanza.Error if it is refused.
func (r *Room) applyChange(ctx context.Context, actor string, c adminChange) error {
	switch {
	case c.ofAffiliation && c.jid != "" && !c.ofRole:
		data, err := r.newData(ctx, c)
		if err != nil {
			return err
		}
		return r.setAffiliation(ctx, actor, c.jid, c.affiliation, c.reason, data)
	case c.ofRole && c.hasNick && !c.ofAffiliation:
		return r.setRole(ctx, actor, r.jid+"/"+c.nick, c.role, c.reason)
	}
	return refuse(stanza.Cancel, stanza.BadRequest, "", "")
}

// newData: what is kept with the affiliation already stays, unless the item says something else; but a reason is for one affiliation only.
// nil if nothing changes.
func (r *Room) newData(ctx context.Context, c adminChange) (sdk.Data, error) {
	kept, err := r.getAffiliationData(ctx, c.jid, "")
	if err != nil {
		return nil, err
	}
	now, err := r.affiliation(ctx, c.jid)
	if err != nil {
		return nil, err
	}
	old, _ := kept.(sdk.Data)
	oldReason, oldNick := text(old["reason"]), text(old["reserved_nickname"])
	reason, nick := c.reason, c.nick
	if reason == "" && now == c.affiliation {
		reason = oldReason
	}
	if nick == "" && !c.unreserve {
		nick = oldNick
	}
	if nick == oldNick && reason == oldReason {
		return nil, nil
	}
	data := sdk.Data{}
	maps.Copy(data, old)
	putText(data, "reserved_nickname", nick)
	putText(data, "reason", reason)
	return data, nil
}

func putText(data sdk.Data, key, value string) {
	if value == "" {
		delete(data, key)
	} else {
		data[key] = value
	}
}

// textFor: clients show the condition alone where there is no text, and by that nobody knows whose conflict it is.
func (c adminChange) textFor(actor string, condition stanza.Condition) string {
	switch condition {
	case stanza.ItemNotFound:
		return "Nobody here has this nickname"
	case stanza.NotAllowed:
		return oneOf(c.ofRole, "You may not change this person's role so", "You may not change this person's affiliation so")
	case stanza.Conflict:
		return oneOf(c.jid == bareOf(actor), "A room needs an owner", "This nickname is reserved for somebody else")
	}
	return ""
}
