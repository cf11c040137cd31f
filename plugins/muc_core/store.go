package muccore

import (
	"context"
	"fmt"
	"maps"
	"sync"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
)

// Rooms in the store (M21–M26, M180–M184): what is written, in which order, and how all of them are found.

// storeState are the stores of rooms.
type storeState struct {
	listed  sdk.Map    // the host's own: room JID → true
	list    sdk.Keyval // the same as a whole
	configs sdk.Keyval // by the local part of the room
	states  sdk.Keyval // the same, for rooms that have been swapped out

	newLayout bool

	mu       sync.Mutex        // guards reported
	reported map[string]string // room JID → what was wrong when it was last looked at
}

// openStoreAs opens a store of a name for the kind that T is.
func openStoreAs[T any](ctx context.Context, m sdk.Module, name, kind string) (store T, err error) {
	v, err := m.OpenStore(ctx, name, kind)
	if err != nil {
		return store, fmt.Errorf("opening store %q: %w", name, err)
	}
	store, ok := v.(T)
	if !ok {
		return store, fmt.Errorf("opening store %q: it is no %s", name, kind)
	}
	return store, nil
}

func (s *service) openStores(ctx context.Context) (err error) {
	st := &s.storage
	st.newLayout = s.optionBool("new_muc_storage_format", true)
	st.reported = map[string]string{}
	if st.listed, err = openStoreAs[sdk.Map](ctx, s.m, "persistent", sdk.KindMap); err != nil {
		return err
	}
	if st.list, err = openStoreAs[sdk.Keyval](ctx, s.m, "persistent", sdk.KindKeyval); err != nil {
		return err
	}
	if st.configs, err = openStoreAs[sdk.Keyval](ctx, s.m, "config", sdk.KindKeyval); err != nil {
		return err
	}
	st.states, err = openStoreAs[sdk.Keyval](ctx, s.m, "state", sdk.KindKeyval)
	return err
}

// dataOrNil keeps a nil table from becoming a value that is not nil.
func dataOrNil(t sdk.Data) any {
	if t == nil {
		return nil
	}
	return t
}

// write writes a room's record. Each of these writes may fail alone. The configuration decides: it is written last, and removed first. What
// the others leave behind does no harm. state may be nil.
func (s *service) write(ctx context.Context, r *Room, config, state sdk.Data) error {
	node := localOf(r.jid)
	if !r.isStored {
		if err := s.storage.listed.SetKey(ctx, "", r.jid, true); err != nil {
			return err
		}
	}
	if state != nil || !r.written.noState {
		r.written.noState = false
		if err := s.storage.states.Set(ctx, node, dataOrNil(state)); err != nil {
			return err
		}
		r.written.noState = state == nil
	}
	if err := s.storage.configs.Set(ctx, node, config); err != nil {
		r.written.record = false
		if state != nil { // the room goes on in memory
			_ = s.storage.states.Set(ctx, node, nil)
		}
		return err
	}
	r.isStored = true
	r.written.record, r.written.data = true, maps.Clone(r.data)
	return nil
}

// erase removes a room's record. What never was in the store costs no write.
func (s *service) erase(ctx context.Context, r *Room) error {
	if !r.isStored {
		return nil
	}
	node := localOf(r.jid)
	if err := s.storage.configs.Set(ctx, node, nil); err != nil {
		return err
	}
	r.isStored, r.written = false, writtenState{}
	stateErr, listErr := s.storage.states.Set(ctx, node, nil), s.storage.listed.SetKey(ctx, "", r.jid, nil)
	if stateErr != nil || listErr != nil {
		s.log.Warn(fmt.Sprintf("Room %s is gone, but something of it is left in the store", r.jid))
	}
	return nil
}

// store writes everything, persistent or not, if withState. Otherwise a room that is not persistent is removed if forced.
func (s *service) store(ctx context.Context, r *Room, forced, withState bool) error {
	persistent, err := r.getFlag(ctx, "persistent")
	if err != nil {
		return err
	}
	if !persistent && !withState {
		if forced {
			return s.erase(ctx, r)
		}
		return nil
	}
	config, state, err := r.freeze(ctx, withState)
	if err != nil {
		return err
	}
	return s.write(ctx, r, config, state)
}

func (s *service) report(jid, fault string) {
	s.storage.mu.Lock()
	defer s.storage.mu.Unlock()
	switch {
	case fault == "":
		delete(s.storage.reported, jid)
	case s.storage.reported[jid] != fault:
		s.storage.reported[jid] = fault
		s.log.Error(fmt.Sprintf("Room %s cannot be read, and is left as it is: %s", jid, fault))
	}
}

// readConfig is the configuration of a room, nil if there is none; an error means that it is damaged.
func (s *service) readConfig(ctx context.Context, jid string) (sdk.Data, error) {
	v, err := s.storage.configs.Get(ctx, localOf(jid))
	fault := ""
	if err != nil {
		fault = err.Error()
	} else if v != nil {
		fault = recordFault(v)
	}
	s.report(jid, fault)
	if fault != "" {
		return nil, fmt.Errorf("room %q: %s", jid, fault)
	}
	config, _ := stored(v)
	return config, nil
}

// readState is the live state of a room that was swapped out, nil if there is none. A damaged one is not worth a room.
func (s *service) readState(ctx context.Context, jid string) sdk.Data {
	v, err := s.storage.states.Get(ctx, localOf(jid))
	if err != nil {
		s.log.Error(fmt.Sprintf("The occupants of %s cannot be read, it comes back without: %s", jid, err))
		return nil
	}
	state, _ := stored(v)
	return state
}

func (s *service) forgetState(ctx context.Context, jid string) {
	if err := s.storage.states.Set(ctx, localOf(jid), nil); err != nil {
		s.log.Warn("the state of a room that has come back is still in the store", "jid", jid, "err", err)
	}
}

// jidsOfRecords are the rooms that have records, for when the list is damaged.
func (s *service) jidsOfRecords(ctx context.Context) sdk.Data {
	jids := sdk.Data{}
	for node, err := range s.storage.configs.Users(ctx) {
		if err != nil {
			s.log.Error("the records of rooms cannot be listed", "err", err)
			break
		}
		jids[node+"@"+s.host] = true
	}
	return jids
}

// storedJIDs are the JIDs of all rooms in the store.
func (s *service) storedJIDs(ctx context.Context) []string {
	v, err := s.storage.list.Get(ctx, "")
	listed, isTable := stored(v)
	if err != nil || v != nil && !isTable {
		why := "it is not a table"
		if err != nil {
			why = err.Error()
		}
		s.log.Error(fmt.Sprintf("The list of rooms cannot be read: %s", why))
		listed = s.jidsOfRecords(ctx)
	}
	var jids []string
	for _, key := range sortedKeys(listed) {
		address, _ := key.(string)
		local, host, resource, ok := prepareLeniently(address)
		if !ok || host != s.host || resource != "" {
			s.log.Warn(fmt.Sprintf("The list of rooms has an entry that is no room: %s", textOf(key)))
			continue
		}
		if local != "" {
			host = local + "@" + host
		}
		jids = append(jids, host)
	}
	return jids
}

// prepareLeniently prepares an address of somebody else's in the way of util.jid, which takes characters that are newer than it.
func prepareLeniently(address string) (local, host, resource string, ok bool) {
	local, host, resource = jid.Split(address)
	if host == "" {
		return "", "", "", false
	}
	if host, ok = jid.Nameprep(host, false); !ok || host == "" {
		return "", "", "", false
	}
	if local != "" {
		if local, ok = jid.Nodeprep(local, false); !ok || local == "" {
			return "", "", "", false
		}
	}
	return local, host, resource, true
}

// eachConfig calls f for each room in the store that can be read.
func (s *service) eachConfig(ctx context.Context, f func(jid string, config sdk.Data)) {
	for _, jid := range s.storedJIDs(ctx) {
		if config, err := s.readConfig(ctx, jid); err == nil && config != nil {
			f(jid, config)
		}
	}
}

// restore is a room as it was stored, entered by no one; nil if there is none. errNoPlace if somebody objects; other errors if its record cannot
// be read. hasState tells that the store has a live state of it.
func (s *service) restore(ctx context.Context, jid string) (r *Room, hasState bool, err error) {
	config, err := s.readConfig(ctx, jid)
	if config == nil || err != nil {
		return nil, false, err
	}
	if s.hooked("muc-room-pre-restore") {
		ev := sdk.NewEvent("muc-room-pre-restore", "jid", jid, "data", config)
		result, err := s.m.Fire(ctx, ev)
		if err != nil {
			return nil, false, err
		}
		if result == false {
			return nil, false, errNoPlace
		}
		if changed, err := plainTable(ctx, ev.Get("data")); err == nil && changed != nil {
			config = changed
		}
	}
	mendRecord(jid, config, func(text string) { s.log.Warn(text) })
	state := s.readState(ctx, jid)
	r = s.thawRoom(jid, config, state)
	r.isStored = true
	return r, state != nil, nil
}
