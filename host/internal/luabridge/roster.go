package luabridge

import (
	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// rosterValue is a roster as modules know it: contact → {subscription, ask, name, groups}, and under false its version and pending requests.
// It is a copy of now; changes go through the roster manager.
func (b *Bridge) rosterValue(r sdk.Roster) lua.LValue {
	L := b.in.State()
	t := L.CreateTable(0, fewFields)
	for _, item := range r.Items() {
		t.RawSetString(item.JID, b.rosterItem(item))
	}
	meta, pending := L.CreateTable(0, 2), L.CreateTable(0, fewFields)
	for _, contact := range r.Pending() {
		pending.RawSetString(contact, lua.LTrue)
	}
	meta.RawSetString("version", lua.LString(r.Version()))
	meta.RawSetString("pending", pending)
	t.RawSet(lua.LFalse, meta)
	return t
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
