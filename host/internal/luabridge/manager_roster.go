package luabridge

import (
	"maps"
	"reflect"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
)

func (b *Bridge) rosterManager() map[string]lua.LGFunction {
	functions := map[string]lua.LGFunction{
		"load_roster": func(L *lua.LState) int {
			r, err := b.srv.Rosters().Load(b.in.Context(L), L.CheckString(1), L.CheckString(2))
			if err != nil {
				return pushFailure(L, err)
			}
			L.Push(b.rosterValue(r))
			return 1
		},
		"add_to_roster": func(L *lua.LState) int {
			s := b.origin(L, 1)
			item := rosterItemFrom(L.CheckString(2), L.CheckTable(3))
			return pushOutcome(L, b.srv.Rosters().Update(b.in.Context(L), s.Username(), s.Host(), item.JID, item))
		},
		"remove_from_roster": func(L *lua.LState) int {
			s := b.origin(L, 1)
			return pushOutcome(L, b.srv.Rosters().Update(b.in.Context(L), s.Username(), s.Host(), L.CheckString(2), nil))
		},
		"roster_push": func(L *lua.LState) int {
			return pushOutcome(L, b.srv.Rosters().Push(b.in.Context(L), L.CheckString(1), L.CheckString(2), L.CheckString(3)))
		},
		"save_roster":            b.saveRoster,
		"is_contact_subscribed":  b.subscribed("from", "both"),
		"is_user_subscribed":     b.subscribed("to", "both"),
		"is_contact_pending_in":  b.pending(true),
		"is_contact_pending_out": b.pending(false),
		"is_contact_preapproved": b.preapproved,
	}
	for _, name := range []string{"set_contact_pending_in", "set_contact_pending_out", "subscribed", "unsubscribe", "unsubscribed",
		"process_inbound_subscription_approval", "process_inbound_subscription_cancellation", "process_inbound_unsubscribe",
		"process_outbound_subscription_request", "process_outbound_subscription_approval"} {
		functions[name] = func(L *lua.LState) int {
			st, _ := b.stanzas.Element(L.Get(4))
			changed, err := b.srv.Rosters().Transition(b.in.Context(L), name, L.CheckString(1), L.CheckString(2), L.CheckString(3), st)
			return pushBool(L, changed, err)
		}
	}
	return functions
}

// saveRoster: user, host, roster table (nil: the one that load_roster gives), contact (nil: all). What the table does not have is removed.
func (b *Bridge) saveRoster(L *lua.LState) int {
	ctx, user, host, only := b.in.Context(L), L.CheckString(1), L.CheckString(2), L.OptString(4, "")
	r, err := b.srv.Rosters().Load(ctx, user, host)
	if err != nil {
		return pushFailure(L, err)
	}
	t, ok := L.Get(3).(*lua.LTable)
	if !ok {
		t, _ = b.rosterValue(r).(*lua.LTable)
	}
	wanted := b.rosterItems(t)
	for contact := range changedContacts(r, wanted) {
		if only != "" && contact != only {
			continue
		}
		if err := b.srv.Rosters().Update(ctx, user, host, contact, wanted[contact]); err != nil {
			return pushFailure(L, err)
		}
	}
	if live, ok := r.(liveRoster); ok {
		b.keepRoster(live, t)
	}
	L.Push(lua.LTrue)
	return 1
}

// changedContacts are the contacts whose items differ from those that are wanted.
func changedContacts(r sdk.Roster, wanted map[string]*sdk.RosterItem) map[string]bool {
	changed := map[string]bool{}
	for _, item := range r.Items() {
		changed[item.JID] = wanted[item.JID] == nil
	}
	for contact, item := range wanted {
		now, had := r.Item(contact)
		changed[contact] = !had || !reflect.DeepEqual(now, *item)
	}
	maps.DeleteFunc(changed, func(_ string, is bool) bool { return !is })
	return changed
}

func (b *Bridge) subscribed(states ...string) lua.LGFunction {
	return func(L *lua.LState) int {
		item, ok, err := b.rosterEntry(L)
		found := false
		for _, state := range states {
			found = found || ok && item.Subscription == state
		}
		return pushBool(L, found, err)
	}
}

func (b *Bridge) preapproved(L *lua.LState) int {
	item, ok, err := b.rosterEntry(L)
	return pushBool(L, ok && item.Approved, err)
}

// rosterEntry is the entry that the arguments user, host, contact name.
func (b *Bridge) rosterEntry(L *lua.LState) (item sdk.RosterItem, ok bool, err error) {
	r, err := b.srv.Rosters().Load(b.in.Context(L), L.CheckString(1), L.CheckString(2))
	if err != nil {
		return item, false, err
	}
	local, domain, _ := jid.Split(L.CheckString(3))
	contact := domain
	if local != "" {
		contact = local + "@" + domain
	}
	item, ok = r.Item(contact)
	return item, ok, nil
}

func (b *Bridge) pending(inbound bool) lua.LGFunction {
	return func(L *lua.LState) int {
		in, out, err := b.srv.Rosters().Pending(b.in.Context(L), L.CheckString(1), L.CheckString(2), L.CheckString(3))
		return pushBool(L, inbound && in || !inbound && out, err)
	}
}
