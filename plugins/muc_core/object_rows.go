package muccore

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// affiliationRows are the room's affiliations: bare JID or domain → affiliation.
type affiliationRows struct{ r *Room }

func (a affiliationRows) get(key any) any { return optional(a.r.affiliations[text(key)]) }

func (a affiliationRows) set(key, value any) error {
	affiliation := unwritten(text(value))
	if value != nil && !isAffiliation(value) {
		return fmt.Errorf("%q is no affiliation", textOf(value))
	}
	if affiliation == "" {
		delete(a.r.affiliations, text(key))
	} else {
		a.r.affiliations[text(key)] = affiliation
	}
	return nil
}

func (a affiliationRows) each() (keys, values []any) {
	for _, jid := range slices.Sorted(maps.Keys(a.r.affiliations)) {
		keys, values = append(keys, jid), append(values, a.r.affiliations[jid])
	}
	return keys, values
}

func (a affiliationRows) keep(_ context.Context, value any) (any, error) { return value, nil }

// affiliationDataRows are what is kept with affiliations: bare JID → table.
type affiliationDataRows struct{ r *Room }

func (a affiliationDataRows) get(key any) any {
	if data := a.r.affiliationData[text(key)]; data != nil {
		return a.r.newTable(dataRows{a.r, data})
	}
	return nil
}

func (a affiliationDataRows) set(key, value any) error {
	data, ok := value.(sdk.Data)
	switch {
	case ok:
		a.r.affiliationData[text(key)] = data
	case value == nil:
		delete(a.r.affiliationData, text(key))
	default:
		return fmt.Errorf("what is kept with an affiliation is a table, not a %s", typeOf(value))
	}
	return nil
}

func (a affiliationDataRows) each() (keys, values []any) {
	for _, jid := range slices.Sorted(maps.Keys(a.r.affiliationData)) {
		keys, values = append(keys, jid), append(values, a.get(jid))
	}
	return keys, values
}

func (a affiliationDataRows) keep(ctx context.Context, value any) (any, error) {
	return sdk.Plain(ctx, value)
}

// occupantRows are those who are in the room, no copies: occupant JID → occupant. Whoever takes somebody out here is on his own.
type occupantRows struct{ r *Room }

func (o occupantRows) get(key any) any {
	if occupant := o.r.occupants[text(key)]; occupant != nil {
		return occupant
	}
	return nil
}

func (o occupantRows) set(key, value any) error {
	occupant, ok := value.(*Occupant)
	switch {
	case ok:
		o.r.occupants[text(key)] = occupant
	case value == nil:
		delete(o.r.occupants, text(key))
	default:
		return fmt.Errorf("want an occupant, got a %s", typeOf(value))
	}
	o.r.occupantChanged(text(key))
	return nil
}

func (o occupantRows) each() (keys, values []any) {
	for _, occupant := range o.r.inOrder() {
		keys, values = append(keys, occupant.nick), append(values, occupant)
	}
	return keys, values
}

func (o occupantRows) keep(_ context.Context, value any) (any, error) { return value, nil }

// nickRows are the sessions in the room: full JID → occupant JID.
type nickRows struct{ r *Room }

func (n nickRows) get(key any) any { return optional(n.r.jidNick[text(key)]) }

func (n nickRows) set(key, value any) error {
	if nick := text(value); nick != "" {
		n.r.jidNick[text(key)] = nick
	} else {
		delete(n.r.jidNick, text(key))
	}
	return nil
}

func (n nickRows) each() (keys, values []any) {
	for jid, nick := range n.r.jidNick {
		keys, values = append(keys, jid), append(values, nick)
	}
	return keys, values
}

func (n nickRows) keep(_ context.Context, value any) (any, error) { return value, nil }

// historyRows are the list of what has been said: tables with stanza and timestamp.
type historyRows struct{ r *Room }

func (h historyRows) get(key any) any {
	i, ok := listIndex(key)
	if !ok || i >= len(h.r.history) {
		return nil
	}
	entry := h.r.history[i]
	fields := map[string]any{"timestamp": entry.timestamp}
	if message, ok := entry.messageFor(""); ok {
		fields["stanza"] = message
	}
	return sdk.NewTable(nil, fields)
}

func (h historyRows) set(key, value any) error {
	i, ok := listIndex(key)
	entry, isEntry := value.(historyEntry)
	history := h.r.history
	switch {
	case !ok || i > len(history):
		return fmt.Errorf("the history of a room has no place %q", textOf(key))
	case isEntry && i == len(history):
		h.r.history = append(history, entry)
	case isEntry:
		history[i] = entry
	case i < len(history):
		h.r.history = history[:i] // what came after it would have no place
	}
	return nil
}

func (h historyRows) each() (keys, values []any) {
	for i := range h.r.history {
		key := float64(i + 1)
		keys, values = append(keys, key), append(values, h.get(key))
	}
	return keys, values
}

// keep reads an entry.
func (h historyRows) keep(ctx context.Context, value any) (any, error) {
	if value == nil {
		return nil, nil
	}
	st, err := sdk.Field(ctx, value, "stanza")
	if err != nil {
		return nil, err
	}
	at, err := sdk.Field(ctx, value, "timestamp")
	if err != nil {
		return nil, err
	}
	message, ok := st.(*stanza.Element)
	if !ok {
		return nil, fmt.Errorf("an entry of a room's history has a stanza, not a %s", typeOf(st))
	}
	timestamp, _ := at.(float64)
	return historyEntry{text: message.String(), timestamp: timestamp}, nil
}
