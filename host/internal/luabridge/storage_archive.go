package luabridge

import (
	"context"
	"fmt"
	"iter"
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// scriptArchive is an archive of a Lua module.
type scriptArchive struct{ scriptStore }

// whenValue is a time as Lua's archives know it, now for none.
func whenValue(when time.Time) any {
	if when.IsZero() {
		when = time.Now()
	}
	return fromTime(when)
}

// Append implements sdk.Archive.
func (s *scriptArchive) Append(ctx context.Context, user, key string, st *stanza.Element, when time.Time, with string) (id string, err error) {
	args := []any{userOrNil(user), textOrNil(key), st, whenValue(when), textOrNil(with)}
	err = s.call(ctx, "append", args, 1, func(_ *compat.Thread, results []lua.LValue) error {
		id = lua.LVAsString(results[0])
		return nil
	})
	return id, err
}

// Find implements sdk.Archive.
func (s *scriptArchive) Find(ctx context.Context, user string, q sdk.ArchiveQuery) (entries []sdk.ArchiveEntry, total int, err error) {
	total = -1
	err = s.call(ctx, "find", []any{userOrNil(user), queryValue(q)}, 3, func(t *compat.Thread, results []lua.LValue) error {
		if n, ok := results[1].(lua.LNumber); ok && q.Total {
			total = int(n)
		}
		return loop(t, []lua.LValue{results[0], lua.LNil, lua.LNil}, 4, func(values []lua.LValue) (bool, error) {
			e, err := s.entry(lua.LVAsString(values[0]), values[1:])
			entries = append(entries, e)
			return true, err
		})
	})
	return entries, total, err
}

// entry is an entry of which Lua gave stanza, time and with.
func (s *scriptArchive) entry(id string, values []lua.LValue) (e sdk.ArchiveEntry, err error) {
	st, ok := s.b.stanzas.Element(values[0])
	if !ok {
		return e, fmt.Errorf("entry %q of an archive is a %s and no stanza", id, values[0].Type())
	}
	return sdk.ArchiveEntry{ID: id, Stanza: st, When: toTime(values[1]), With: lua.LVAsString(values[2])}, nil
}

// Get implements sdk.Archive.
func (s *scriptArchive) Get(ctx context.Context, user, id string) (e sdk.ArchiveEntry, err error) {
	err = s.call(ctx, "get", []any{userOrNil(user), id}, 3, func(_ *compat.Thread, results []lua.LValue) error {
		if results[0] == lua.LNil {
			return sdk.ErrItemNotFound
		}
		e, err = s.entry(id, results)
		return err
	})
	return e, err
}

// Replace implements sdk.Archive.
func (s *scriptArchive) Replace(ctx context.Context, user, id string, st *stanza.Element, when time.Time, with string) error {
	args := []any{userOrNil(user), id, st, nil, textOrNil(with)}
	if !when.IsZero() {
		args[3] = fromTime(when)
	}
	return s.call(ctx, "set", args, 0, nil)
}

// Delete implements sdk.Archive. Drivers that empty an archive may say true instead of how many there were, which reads as 0.
func (s *scriptArchive) Delete(ctx context.Context, user string, q sdk.ArchiveQuery) (n int, err error) {
	who := userOrNil(user)
	if q.AllUsers {
		who = true
	}
	err = s.call(ctx, "delete", []any{who, queryValue(q)}, 1, func(_ *compat.Thread, results []lua.LValue) error {
		count, _ := results[0].(lua.LNumber)
		n = int(count)
		return nil
	})
	return n, err
}

// Summary implements sdk.Archive.
func (s *scriptArchive) Summary(ctx context.Context, user string, q sdk.ArchiveQuery) (map[string]int, error) {
	counts := map[string]int{}
	err := s.call(ctx, "summary", []any{userOrNil(user), queryValue(q)}, 1, func(_ *compat.Thread, results []lua.LValue) error {
		summary, ok := results[0].(*lua.LTable)
		if !ok {
			return nil
		}
		if t, ok := summary.RawGetString("counts").(*lua.LTable); ok {
			for with, n := range s.b.fields(t) {
				counts[lua.LVAsString(with)] = int(lua.LVAsNumber(n))
			}
		}
		return nil
	})
	return counts, err
}

// Dates implements sdk.Archive.
func (s *scriptArchive) Dates(ctx context.Context, user string) (dates []string, err error) {
	err = s.call(ctx, "dates", []any{userOrNil(user)}, 1, func(_ *compat.Thread, results []lua.LValue) error {
		if t, ok := results[0].(*lua.LTable); ok {
			for _, date := range s.b.fields(t) {
				dates = append(dates, lua.LVAsString(date))
			}
		}
		return nil
	})
	return dates, err
}

// Users implements sdk.Archive.
func (s *scriptArchive) Users(ctx context.Context) iter.Seq2[string, error] { return s.users(ctx) }

// Caps implements sdk.Archive.
func (s *scriptArchive) Caps() (c sdk.ArchiveCaps) {
	t := s.b.in.Enter(context.Background())
	defer t.Leave()
	v, err := s.b.field(t, s.t, lua.LString("caps"))
	caps, ok := v.(*lua.LTable)
	if err != nil || !ok {
		return c
	}
	has := func(name string) bool { return lua.LVAsBool(caps.RawGetString(name)) }
	c.Total, c.Truncate, c.FullIDRange, c.IDs, c.WildcardDelete = has("total"), has("truncate"), has("full_id_range"), has("ids"), has("wildcard_delete")
	if quota, ok := caps.RawGetString("quota").(lua.LNumber); ok {
		c.Quota = int(quota)
	}
	return c
}

// queryValue is a query as Lua's archives know it, nil for one that restricts nothing.
func queryValue(q sdk.ArchiveQuery) any {
	t := map[string]any{}
	texts := map[string]string{"with": q.With, "key": q.Key, "before": q.Before, "after": q.After}
	for name, s := range texts {
		if s != "" {
			t[name] = s
		}
	}
	if !q.Start.IsZero() {
		t["start"] = fromTime(q.Start)
	}
	if !q.End.IsZero() {
		t["end"] = fromTime(q.End)
	}
	if q.IDs != nil {
		t["ids"] = q.IDs
	}
	if q.Limit > 0 {
		t["limit"] = q.Limit
	}
	if q.HasTruncate {
		t["truncate"] = q.Truncate
	}
	for name, on := range map[string]bool{"reverse": q.Reverse, "total": q.Total} {
		if on {
			t[name] = true
		}
	}
	if len(t) == 0 {
		return nil
	}
	return t
}

var _ sdk.Archive = (*scriptArchive)(nil)
