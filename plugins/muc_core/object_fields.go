package muccore

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"quatrain/sdk"
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
	r.changedByOthers()
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
