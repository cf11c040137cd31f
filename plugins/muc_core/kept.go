package muccore

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"quatrain/sdk"
	"quatrain/xmpp/xmlstream"
)

// Who is in which room outlasts the death of this process: the server keeps it (sdk.Module.Keep), and the process that takes this one's place
// goes on with it, so that nobody notices. What changes while a chain is in a room is kept when the chain leaves the room. The history of
// messages is not kept.

// Keys of what is kept: these and a JID. Of a room that is persistent the store has the configuration; of other rooms it is kept, too.
const (
	keptRoom     = "room "
	keptOccupant = "occupant "
)

// keeping is what the server keeps of a room, and what of it has changed.
type keeping struct {
	config    bool            // the configuration may have changed
	occupants map[string]bool // nicks of those who may have changed
	kept      map[string]bool // keys of what the server keeps
}

// changed tells that the configuration may have changed.
func (r *Room) changed() { r.keeping.config = true }

// changedByOthers is changed by those who write the room's tables: what else of it is not saved nobody knows.
func (r *Room) changedByOthers() {
	r.changed()
	r.written.record = false
}

// occupantChanged tells that an occupant may have changed, come or gone.
func (r *Room) occupantChanged(nick string) {
	if r.keeping.occupants == nil {
		r.keeping.occupants = map[string]bool{}
	}
	r.keeping.occupants[nick] = true
}

// keepAll keeps the whole room.
func (r *Room) keepAll() {
	r.changed()
	for nick := range r.occupants {
		r.occupantChanged(nick)
	}
	r.keepChanges()
}

// keepChanges keeps what has changed. The configuration is needed when somebody comes into a room that was empty, too.
func (r *Room) keepChanges() {
	k := &r.keeping
	if !r.isTracked || r.isSwappedOut || !k.config && len(k.occupants) == 0 {
		return
	}
	if k.config || r.hasOccupant() != k.kept[keptRoom+r.jid] {
		r.keep(keptRoom+r.jid, r.keptConfig())
	}
	for nick := range k.occupants {
		r.keep(keptOccupant+nick, r.occupants[nick].kept())
	}
	k.config = false
	clear(k.occupants)
}

// keep has the server keep a value, nil: no longer.
func (r *Room) keep(key string, value sdk.Data) {
	k := &r.keeping
	if value == nil && !k.kept[key] {
		return
	}
	r.s.m.Keep(key, dataOrNil(value))
	if value == nil {
		delete(k.kept, key)
		return
	}
	if k.kept == nil {
		k.kept = map[string]bool{}
	}
	k.kept[key] = true
}

// letGo has the server keep nothing of the room.
func (r *Room) letGo() {
	for key := range r.keeping.kept {
		r.s.m.Keep(key, nil)
	}
	r.keeping = keeping{}
}

// keptConfig is the room without its occupants, nil if the store has all that there is.
func (r *Room) keptConfig() sdk.Data {
	if r.isStored && r.dataFlag("persistent") {
		if r.hasOccupant() {
			return sdk.Data{"stored": true}
		}
		return nil
	}
	return sdk.Data{"stored": r.isStored, "config": r.freezeConfig()}
}

// kept is an occupant with all sessions in their order, nil for nobody.
func (o *Occupant) kept() sdk.Data {
	if o == nil {
		return nil
	}
	t := o.freeze()
	t["arrival"] = float64(o.arrival)
	sessions := make([]any, 0, len(o.sessions))
	for _, session := range o.sessions {
		sessions = append(sessions, []any{session.jid, session.presence.String()})
	}
	t["sessions"] = sessions
	return t
}

// restoreKept goes on where a process ended that has died.
func (s *service) restoreKept(ctx context.Context) error {
	all := s.m.Kept()
	rooms := map[string]*Room{}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		jid, isRoom := strings.CutPrefix(key, keptRoom)
		if !isRoom {
			continue
		}
		if r := s.restoreKeptRoom(ctx, jid, all[key]); r != nil {
			rooms[jid] = r
		}
	}
	for _, key := range inOrderOfArrival(all) {
		nick, isOccupant := strings.CutPrefix(key, keptOccupant)
		if r := rooms[bareOf(nick)]; isOccupant && r != nil {
			r.restoreKeptOccupant(nick, all[key])
		}
	}
	for _, r := range rooms {
		s.rooms.put(r, true)
		r.isTracked = true
		r.keepAll()
		if s.readState(ctx, r.jid) != nil { // of before it came back, if that was the last thing that happened
			s.forgetState(ctx, r.jid)
		}
		if err := s.updatePublic(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

func inOrderOfArrival(all map[string]any) []string {
	arrival := func(key string) float64 {
		t, _ := stored(all[key])
		n, _ := t["arrival"].(float64)
		return n
	}
	return slices.SortedFunc(maps.Keys(all), func(a, b string) int { return cmp.Compare(arrival(a), arrival(b)) })
}

// restoreKeptRoom is nil if the room cannot be read.
func (s *service) restoreKeptRoom(ctx context.Context, jid string, value any) *Room {
	kept, _ := stored(value)
	config, isKept := stored(kept["config"])
	if !isKept {
		var err error
		if config, err = s.readConfig(ctx, jid); config == nil || err != nil {
			return nil // the log knows
		}
		mendRecord(jid, config, func(string) {}) // the log knows
	} else if fault := recordFault(config); fault != "" {
		s.log.Error(fmt.Sprintf("Room %s is lost: what was kept of it makes no sense: %s", jid, fault))
		return nil
	}
	r := s.thawRoom(jid, config, sdk.Data{})
	r.isStored = isTrue(kept["stored"])
	return r
}

func (r *Room) restoreKeptOccupant(nick string, value any) {
	t, _ := stored(value)
	o := r.thawOccupant(nick, t)
	sessions, _ := stored(t["sessions"])
	if o == nil {
		return
	}
	for i := 1; sessions[float64(i)] != nil; i++ {
		session, _ := stored(sessions[float64(i)])
		presence, err := xmlstream.ParseElement([]byte(text(session[2.0])))
		if err != nil {
			r.s.log.Warn("a session of an occupant was not kept as it should be", "jid", nick, "err", err)
			continue
		}
		if fullJID := text(session[1.0]); fullJID != "" {
			o.putSession(fullJID, presence)
		}
	}
	r.saveOccupant(o)
}
