package muccore

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// roomProperties are the fields of rooms besides "jid".
func roomProperties() []string {
	return []string{
		"_data", "_affiliations", "_affiliation_data", "_occupants", "_jid_nick", "_history", "_reserved_nicks", "destroying", "_is_stored",
	}
}

// field is the value of a field, nil if there is none.
func (r *Room) field(name string) any {
	switch name {
	case "_data", "_affiliations", "_affiliation_data", "_occupants", "_jid_nick":
		return r.tableField(name)
	case "_history":
		if r.history == nil {
			return nil
		}
		return r.tableField(name)
	case "_reserved_nicks":
		return r.reservedNicks
	case "destroying":
		if r.destroying && r.reason != "" {
			return r.reason
		}
		return flagOrNil(r.destroying)
	case "_is_stored":
		return flagOrNil(r.isStored)
	}
	return nil
}

// tableField is a field that is a table: always the same one.
func (r *Room) tableField(name string) *openTable {
	if t := r.tables[name]; t != nil {
		return t
	}
	if r.tables == nil {
		r.tables = map[string]*openTable{}
	}
	var of rows
	switch name {
	case "_data":
		of = dataRows{r, r.data}
	case "_affiliations":
		of = affiliationRows{r}
	case "_affiliation_data":
		of = affiliationDataRows{r}
	case "_occupants":
		of = occupantRows{r}
	case "_jid_nick":
		of = nickRows{r}
	case "_history":
		of = historyRows{r}
	}
	r.tables[name] = r.newTable(of)
	return r.tables[name]
}

// setField writes a field as a whole.
func (r *Room) setField(ctx context.Context, name string, value any) error {
	if name == "_reserved_nicks" || name == "destroying" {
		return r.inside(ctx, func() error { return r.setSimple(name, value) })
	}
	if name == "_occupants" || name == "_jid_nick" || name == "_is_stored" || !slices.Contains(roomProperties(), name) {
		return sdk.MethodError(r, name, sdk.ErrNoProperty)
	}
	if name == "_history" && value == nil {
		return r.inside(ctx, func() error { r.history = nil; return nil })
	}
	t := r.tableField(name)
	kept, err := keptRows(ctx, t, value)
	if err != nil {
		return err
	}
	return r.inside(ctx, func() error { return r.refill(t, name, kept) })
}

func (r *Room) inside(ctx context.Context, do func() error) error {
	_, leave, err := r.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return do()
}

func (r *Room) setSimple(name string, value any) error {
	if name == "_reserved_nicks" {
		r.reservedNicks = value
		return nil
	}
	r.destroying, r.reason = isTrue(value), text(value)
	return nil
}

// keptRows are the fields of a table from another plugin, as they are written into t.
func keptRows(ctx context.Context, t *openTable, value any) (map[any]any, error) {
	given, ok := value.(sdk.Ranger)
	if !ok {
		table, isTable := stored(value)
		if !isTable {
			return nil, fmt.Errorf("room: want a table, got a %s", typeOf(value))
		}
		given = sdk.NewTable(nil, nil)
		for k, v := range table {
			_ = given.(*sdk.Table).SetKey(ctx, k, v) // cannot fail
		}
	}
	kept := map[any]any{}
	var failed error
	err := given.Range(ctx, func(key, v any) bool {
		kept[key], failed = t.keep(ctx, v)
		return failed == nil
	})
	if err == nil {
		err = failed
	}
	return kept, err
}

// refill makes these the only fields of a table.
func (r *Room) refill(t *openTable, name string, kept map[any]any) error {
	r.changed()
	if name == "_history" {
		r.history = []historyEntry{}
	}
	keys, _ := t.each()
	for _, key := range keys {
		if err := t.set(key, nil); err != nil {
			return err
		}
	}
	for _, key := range sortedNumbersFirst(kept) {
		if err := t.set(key, kept[key]); err != nil {
			return err
		}
	}
	return nil
}

func sortedNumbersFirst(kept map[any]any) []any {
	return slices.SortedFunc(maps.Keys(kept), func(a, b any) int {
		x, isX := a.(float64)
		y, isY := b.(float64)
		switch {
		case isX && isY && x < y, isX && !isY:
			return -1
		case isX && isY && x > y, isY && !isX:
			return 1
		}
		return 0
	})
}

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
	return sdk.NewTable(nil, map[string]any{"stanza": entry.stanza, "timestamp": entry.timestamp})
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
	return historyEntry{stanza: message, timestamp: timestamp}, nil
}
