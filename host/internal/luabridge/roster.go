package luabridge

import (
	"maps"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// rosterValue is a roster as modules know it: contact → {subscription, ask, name, groups}, and under false its version and pending requests.
// It is a copy of now, which knows what it was: saving it (the roster manager's save_roster) makes the module's changes, and no others.
func (b *Bridge) rosterValue(r sdk.Roster) lua.LValue {
	L := b.in.State()
	loaded := &rosterCopy{items: r.Items(), pending: r.Pending()}
	t := L.CreateTable(0, len(loaded.items)+1)
	for _, item := range loaded.items {
		t.RawSetString(item.JID, b.rosterItem(item))
	}
	meta, pending := L.CreateTable(0, 2), L.CreateTable(0, fewFields)
	for _, contact := range loaded.pending {
		pending.RawSetString(contact, lua.LTrue)
	}
	meta.RawSetString("version", lua.LString(r.Version()))
	meta.RawSetString("pending", pending)
	t.RawSet(lua.LFalse, meta)
	origin := L.NewTable()
	origin.RawSetString(rosterCopyField, &lua.LUserData{Value: loaded})
	t.Metatable = origin
	return t
}

// rosterCopy is what a roster was when a module got it.
type rosterCopy struct {
	items   []sdk.RosterItem
	pending []string
}

// become is what a roster is after it has been saved.
func (c *rosterCopy) become(items map[string]*sdk.RosterItem, pending map[string]*stanza.Element) {
	c.items = c.items[:0:0]
	for _, item := range items {
		c.items = append(c.items, *item)
	}
	c.pending = slices.Collect(maps.Keys(pending))
}

// rosterCopyField is where the table of a roster has its rosterCopy, in its metatable.
const rosterCopyField = "__loaded"

// copiedFrom is what a roster's table was; nothing, if a module has made the table itself.
func copiedFrom(t *lua.LTable) *rosterCopy {
	if origin, ok := t.Metatable.(*lua.LTable); ok {
		if u, ok := origin.RawGetString(rosterCopyField).(*lua.LUserData); ok {
			if c, ok := u.Value.(*rosterCopy); ok {
				return c
			}
		}
	}
	return &rosterCopy{}
}

func (b *Bridge) rosterItem(item sdk.RosterItem) *lua.LTable {
	L := b.in.State()
	t, groups := L.CreateTable(0, fewFields), L.CreateTable(0, len(item.Groups))
	t.RawSetString("subscription", lua.LString(item.Subscription))
	if item.Name != "" {
		t.RawSetString("name", lua.LString(item.Name))
	}
	if item.Ask {
		t.RawSetString("ask", lua.LString("subscribe"))
	}
	if item.Approved {
		t.RawSetString("approved", lua.LTrue)
	}
	for _, g := range item.Groups {
		groups.RawSetString(g, lua.LTrue)
	}
	t.RawSetString("groups", groups)
	return t
}

// rosterItemFrom reads such a table.
func rosterItemFrom(contact string, t *lua.LTable) *sdk.RosterItem {
	item := &sdk.RosterItem{
		JID: contact, Name: lua.LVAsString(t.RawGetString("name")), Subscription: lua.LVAsString(t.RawGetString("subscription")),
		Ask: lua.LVAsBool(t.RawGetString("ask")), Approved: lua.LVAsBool(t.RawGetString("approved")),
	}
	if item.Subscription == "" {
		item.Subscription = "none"
	}
	if groups, ok := t.RawGetString("groups").(*lua.LTable); ok {
		groups.ForEach(func(k, _ lua.LValue) { item.Groups = append(item.Groups, lua.LVAsString(k)) })
	}
	return item
}
