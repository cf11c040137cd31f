package luabridge

import (
	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// entries are an object's fields as a traversal found them when it began: asking the owner for each would take a call each.
type entries struct {
	keys, values []lua.LValue
	at           map[lua.LValue]int
}

// entries are the owner's fields, and then those of Lua modules.
func (f *objectFace) entries(L *lua.LState) *entries {
	e := &entries{at: map[lua.LValue]int{}}
	if r, ok := f.o.(sdk.Ranger); ok {
		f.list(L, r, e)
	}
	if f.own != nil {
		for k, v := range f.b.fields(f.own) {
			e.add(k, v)
		}
	}
	return e
}

func (f *objectFace) list(L *lua.LState, r sdk.Ranger, e *entries) {
	var keys, values []any
	var err error
	f.b.in.Unlocked(L, func() {
		err = r.Range(f.b.in.Context(L), func(key, value any) bool {
			keys, values = append(keys, key), append(values, value)
			return true
		})
	})
	if err != nil {
		f.fail(L, "pairs", err)
	}
	for i, key := range keys {
		e.add(f.b.toLua(key), f.b.toLua(values[i]))
	}
}

func (e *entries) add(k, v lua.LValue) {
	if _, twice := e.at[k]; twice || k == lua.LNil || v == lua.LNil {
		return
	}
	e.at[k] = len(e.keys)
	e.keys, e.values = append(e.keys, k), append(e.values, v)
}

func (e *entries) entry(i int) (k, v lua.LValue) {
	if i >= len(e.keys) {
		return lua.LNil, lua.LNil
	}
	return e.keys[i], e.values[i]
}

// Traverse goes through what pairs shows.
func (f *objectFace) Traverse(L *lua.LState) func(L *lua.LState) (k, v lua.LValue) {
	e, i := f.entries(L), -1
	return func(*lua.LState) (k, v lua.LValue) {
		i++
		return e.entry(i)
	}
}

// Next is for next() itself. A key that the newest traversal did not find ends it.
func (f *objectFace) Next(L *lua.LState, key lua.LValue) (k, v lua.LValue) {
	if key == lua.LNil || f.walk == nil {
		f.walk = f.entries(L)
	}
	if key == lua.LNil {
		return f.walk.entry(0)
	}
	i, known := f.walk.at[key]
	if !known {
		return lua.LNil, lua.LNil
	}
	return f.walk.entry(i + 1)
}
