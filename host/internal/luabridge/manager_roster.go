package luabridge

import (
	"context"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
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

// saveRoster: user, host, roster table (the one that load_roster gives, if nil), contact (all if nil).
func (b *Bridge) saveRoster(L *lua.LState) int {
	save := rosterSaving{b.srv.Rosters(), b.in.Context(L), L.CheckString(1), L.CheckString(2)}
	r, err := save.rosters.Load(save.ctx, save.user, save.host)
	if err != nil {
		return pushFailure(L, err)
	}
	t, ok := L.Get(3).(*lua.LTable)
	if !ok {
		t, _ = b.rosterValue(r).(*lua.LTable)
	}
	only, loaded, current := L.OptString(4, ""), copiedFrom(t), b.isCurrent(r, t)
	err = save.items(loaded, b.rosterItems(t), only)
	if err == nil {
		err = save.pending(loaded, b.pendingIn(t))
	}
	if err == nil {
		loaded.become(b.rosterItems(t), b.pendingIn(t), only)
	}
	if current {
		b.keepRoster(r, t)
	}
	return pushOutcome(L, err)
}

func (b *Bridge) rosterItems(t *lua.LTable) map[string]*sdk.RosterItem {
	items := map[string]*sdk.RosterItem{}
	for k, v := range b.fields(t) {
		contact, ok := k.(lua.LString)
		if item, isTable := v.(*lua.LTable); ok && isTable {
			items[string(contact)] = rosterItemFrom(string(contact), item)
		}
	}
	return items
}

// pendingIn are the contacts whose requests are in a roster's table, with the request if it is there.
func (b *Bridge) pendingIn(t *lua.LTable) map[string]*stanza.Element {
	pending := map[string]*stanza.Element{}
	meta, _ := t.RawGet(lua.LFalse).(*lua.LTable)
	if meta == nil {
		return pending
	}
	list, _ := meta.RawGetString("pending").(*lua.LTable)
	if list == nil {
		return pending
	}
	list.ForEach(func(contact, request lua.LValue) {
		st, _ := b.stanzas.Element(request)
		pending[lua.LVAsString(contact)] = st
	})
	return pending
}

// rosterSaving writes what a module has changed in the table of a roster.
type rosterSaving struct {
	rosters    Rosters
	ctx        context.Context
	user, host string
}

func (s rosterSaving) items(loaded *rosterCopy, now map[string]*sdk.RosterItem, only string) error {
	for _, before := range loaded.items {
		item := now[before.JID]
		delete(now, before.JID)
		if only != "" && before.JID != only || item != nil && sameItem(before, *item) {
			continue
		}
		if err := s.rosters.Update(s.ctx, s.user, s.host, before.JID, item); err != nil {
			return err
		}
	}
	for contact, item := range now {
		if only != "" && contact != only {
			continue
		}
		if err := s.rosters.Update(s.ctx, s.user, s.host, contact, item); err != nil {
			return err
		}
	}
	return nil
}

func sameItem(a, b sdk.RosterItem) bool {
	slices.Sort(b.Groups)
	return a.Name == b.Name && a.Subscription == b.Subscription && a.Ask == b.Ask && a.Approved == b.Approved && a.Virtual == b.Virtual &&
		slices.Equal(slices.Sorted(slices.Values(a.Groups)), b.Groups)
}

// pending forgets requests that the module took away without an answer, and enters those that it put there.
func (s rosterSaving) pending(loaded *rosterCopy, now map[string]*stanza.Element) error {
	for _, contact := range loaded.pending {
		if _, still := now[contact]; still {
			delete(now, contact)
		} else if _, err := s.rosters.Transition(s.ctx, "unsubscribed", s.user, s.host, contact, nil); err != nil {
			return err
		}
	}
	for contact, request := range now {
		if _, err := s.rosters.Transition(s.ctx, "set_contact_pending_in", s.user, s.host, contact, request); err != nil {
			return err
		}
	}
	return nil
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
