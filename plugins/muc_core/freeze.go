package muccore

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"quatrain/sdk"
)

// Rooms as they are stored: configuration, and for rooms that are swapped out the live state (M24, M25, M180–M184).

// freeze is the configuration and, if live, the state. The tables in it are the room's own.
func (r *Room) freeze(ctx context.Context, live bool) (config, state sdk.Data, err error) {
	if f := r.replaced("freeze"); f != nil {
		results, err := f.Call(ctx, r, live)
		if err != nil {
			return nil, nil, err
		}
		if config, err = plainTable(ctx, first(results)); err == nil {
			state, err = plainTable(ctx, nth(results, 1))
		}
		return config, state, err
	}
	config = r.freezeConfig()
	if live {
		state = r.freezeState()
	}
	return config, state, nil
}

func (r *Room) freezeConfig() sdk.Data {
	data := make(sdk.Data, len(r.affiliationData))
	for jid, values := range r.affiliationData {
		data[jid] = values
	}
	config := sdk.Data{"_data": r.data, "_affiliation_data": data}
	if r.s.storage.newLayout {
		config["_jid"] = r.jid
		for jid, affiliation := range r.affiliations {
			config[jid] = affiliation
		}
		return config
	}
	affiliations := make(sdk.Data, len(r.affiliations))
	for jid, affiliation := range r.affiliations {
		affiliations[jid] = affiliation
	}
	config["jid"], config["_affiliations"] = r.jid, affiliations
	return config
}

func (r *Room) freezeState() sdk.Data {
	state := sdk.Data{}
	for _, o := range r.occupants {
		state[o.nick] = o.freeze()
		for _, session := range o.sessions {
			if session.presence.Type() != "unavailable" || session.jid == o.jid {
				state[session.jid] = freezeStanza(session.presence)
			}
		}
	}
	if n := len(r.history); n > 0 {
		last := r.history[n-1]
		if message, ok := last.messageFor(""); ok {
			state["_last_message"], state["_last_message_at"] = freezeStanza(message), last.timestamp
		}
	}
	return state
}

// freeze is an occupant without the sessions.
func (o *Occupant) freeze() sdk.Data {
	t := sdk.Data{"bare_jid": o.bareJID}
	if o.role != "" {
		t["role"] = o.role
	}
	if o.jid != "" {
		t["jid"] = o.jid
	}
	return t
}

// thawRoom makes a room of a sound record (see record.go). state may be nil: very old data has occupants within the configuration.
func (s *service) thawRoom(jid string, config, state sdk.Data) *Room {
	data, _ := keepable(config["_data"]).(sdk.Data)
	r := s.newRoom(jid, data)
	r.affiliations = readAffiliations(config)
	all, _ := stored(config["_affiliation_data"])
	for key, v := range all {
		if bare, ok := key.(string); ok {
			r.affiliationData[bare], _ = keepable(v).(sdk.Data)
		}
	}
	if state != nil {
		r.thawLastMessage(state)
	} else {
		state = config
	}
	r.thawOccupants(state)
	return r
}

// readAffiliations takes them from either layout. In the newer one every key that is a bare JID or a domain is an affiliation.
func readAffiliations(config sdk.Data) map[string]string {
	affiliations := map[string]string{}
	own, isOld := stored(config["_affiliations"])
	if !isOld {
		own = config
	}
	for key, v := range own {
		name, _ := key.(string)
		affiliation, ok := v.(string)
		if ok && (isOld || isAffiliationKey(name)) {
			affiliations[name] = affiliation
		}
	}
	return affiliations
}

func isFrozenPresence(v any) bool {
	t, ok := stored(v)
	_, hasAttr := stored(t["attr"])
	return ok && t["name"] == any("presence") && hasAttr
}

// thawOccupants leaves out what is damaged: who it stands for joins again. Occupants first, then their sessions: a presence belongs to whom
// it comes from.
func (r *Room) thawOccupants(state sdk.Data) {
	found := map[string]*Occupant{}
	keys := sortedKeys(state)
	for _, key := range keys {
		name, _ := key.(string)
		if v, ok := stored(state[key]); ok && strings.HasPrefix(name, r.jid+"/") && !isFrozenPresence(v) {
			if o := r.thawOccupant(name, v); o != nil {
				found[name] = o
			}
		}
	}
	for _, key := range keys {
		name, isText := key.(string)
		if !isText || !isFrozenPresence(state[key]) {
			continue
		}
		if presence, ok := thawStanza(state[key]); ok {
			if o := found[presence.From()]; o != nil {
				o.setSession(name, presence, false)
			}
		}
	}
	for _, nick := range slices.Sorted(maps.Keys(found)) {
		r.saveOccupant(found[nick])
	}
}

func (r *Room) thawOccupant(nick string, v sdk.Data) *Occupant {
	bareJID, ok := v["bare_jid"].(string)
	if !ok || v["role"] != nil && !isRole(v["role"]) {
		r.s.log.Warn(fmt.Sprintf("What is stored of the occupant %s makes no sense and is ignored", nick))
		return nil
	}
	o := newOccupant(r, bareJID, nick)
	o.role, o.jid = unwritten(text(v["role"])), text(v["jid"])
	return o
}

func (r *Room) thawLastMessage(state sdk.Data) {
	message, ok := thawStanza(state["_last_message"])
	at, isNumber := state["_last_message_at"].(float64)
	if ok && isNumber {
		r.history = []historyEntry{{text: message.String(), timestamp: at}}
	}
}
