package luabridge

import (
	"context"
	"maps"
	"slices"
	"strconv"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// liveRoster is a roster that shows what it is now, not what it was when it was asked for.
type liveRoster interface {
	sdk.Roster
	// Unversioned tells that the version says nothing about the contents.
	Unversioned() bool
}

// rosterFace is the table of a roster, as long as that has the version.
type rosterFace struct {
	version string
	table   *lua.LTable
}

// maxRosterFaces is how many rosters keep their tables; more are made anew when they are asked for again.
const maxRosterFaces = 256

// rosterValue is a roster as modules know it: contact → {subscription, ask, name, groups}, and under false its version and pending requests. It is
// the same table as long as the roster does not change, and knows what it was: saving it (the roster manager's save_roster) makes the module's
// changes, and no others.
func (b *Bridge) rosterValue(r sdk.Roster) lua.LValue {
	live, ok := r.(liveRoster)
	if !ok {
		return b.rosterTable(r)
	}
	if f, ok := b.rosterFaces[live]; ok && f.version == r.Version() {
		return f.table
	}
	t := b.rosterTable(r)
	b.keepRoster(live, t)
	return t
}

// isCurrent tells whether a table is that of a roster's present version.
func (b *Bridge) isCurrent(r sdk.Roster, t *lua.LTable) bool {
	live, ok := r.(liveRoster)
	f := b.rosterFaces[live]
	return ok && f.table == t && f.version == r.Version()
}

// keepRoster makes a table that of a roster's present version.
func (b *Bridge) keepRoster(r sdk.Roster, t *lua.LTable) {
	live, ok := r.(liveRoster)
	if !ok {
		return
	}
	for old := range b.rosterFaces {
		if len(b.rosterFaces) < maxRosterFaces {
			break
		}
		delete(b.rosterFaces, old)
	}
	b.rosterFaces[live] = rosterFace{r.Version(), t}
}

func (b *Bridge) rosterTable(r sdk.Roster) *lua.LTable {
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
	if n, err := strconv.Atoi(r.Version()); err == nil {
		meta.RawSetString("version", lua.LNumber(n))
	}
	if live, ok := r.(liveRoster); ok && live.Unversioned() {
		meta.RawSetString("version", lua.LTrue)
	}
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

// become is what a roster is after it has been saved, or only one contact of it.
func (c *rosterCopy) become(items map[string]*sdk.RosterItem, pending map[string]*stanza.Element, only string) {
	c.items = slices.DeleteFunc(slices.Clone(c.items), func(before sdk.RosterItem) bool { return only == "" || before.JID == only })
	for contact, item := range items {
		if only == "" || contact == only {
			c.items = append(c.items, *item)
		}
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
		t.RawSetString("approved", lua.LString("true"))
	}
	if item.Virtual {
		t.RawSetString("persist", lua.LFalse)
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
		Ask: lua.LVAsBool(t.RawGetString("ask")), Approved: lua.LVAsBool(t.RawGetString("approved")), Virtual: t.RawGetString("persist") == lua.LFalse,
	}
	if item.Subscription == "" {
		item.Subscription = "none"
	}
	if groups, ok := t.RawGetString("groups").(*lua.LTable); ok {
		groups.ForEach(func(k, _ lua.LValue) { item.Groups = append(item.Groups, lua.LVAsString(k)) })
	}
	slices.Sort(item.Groups)
	return item
}

// RosterLoaded lets modules add to a roster that has been loaded (roster-load {username, host, roster}): all items there are then, and whether the
// version says nothing about them any more.
func (b *Bridge) RosterLoaded(ctx context.Context, bus sdk.Bus, username, host string, r sdk.Roster) (items []sdk.RosterItem, unversioned bool, err error) {
	t := b.in.Enter(ctx)
	defer t.Leave()
	table, ev := b.rosterTable(r), t.L.NewTable()
	ev.RawSetString("username", lua.LString(username))
	ev.RawSetString("host", lua.LString(host))
	ev.RawSetString("roster", table)
	if err := protect(t, func(L *lua.LState) { b.fire(L, bus, "roster-load", ev) }); err != nil {
		return nil, false, err
	}
	for _, item := range b.rosterItems(table) {
		items = append(items, *item)
	}
	if meta, ok := table.RawGet(lua.LFalse).(*lua.LTable); ok {
		unversioned = meta.RawGetString("version") == lua.LTrue
	}
	return items, unversioned, nil
}
