package luabridge

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

func (b *Bridge) itemMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"add_item": func(L *lua.LState) int {
			b.addItem(L, b.module(L), L.CheckString(2), L.Get(3))
			return 0
		},
		"remove_item": func(L *lua.LState) int {
			o, key := b.module(L), L.CheckString(2)
			o.m.RemoveItem(b.in.Context(L), key, b.item(L.Get(3)))
			o.withdrawItem(key, L.Get(3))
			if service, ok := L.Get(3).(*lua.LTable); ok && key == serviceItem {
				b.endService(L, o, service)
			}
			return 0
		},
		"get_host_items": b.hostItems,
		"handle_items":   b.handleItems,
		"provides":       b.provides,
		"add_feature": func(L *lua.LState) int {
			b.addItem(L, b.module(L), "feature", L.Get(2))
			return 0
		},
		"has_feature": func(L *lua.LState) int {
			for _, v := range b.module(L).m.Items("feature") {
				if v == any(L.CheckString(2)) {
					L.Push(lua.LTrue)
					return 1
				}
			}
			L.Push(lua.LFalse)
			return 1
		},
		"add_identity": func(L *lua.LState) int {
			t := L.NewTable()
			for i, name := range []string{"category", "type", "name"} {
				t.RawSetString(name, L.Get(2+i))
			}
			b.addItem(L, b.module(L), "identity", t)
			return 0
		},
		"add_extension": func(L *lua.LState) int {
			b.addItem(L, b.module(L), "extension", L.Get(2))
			return 0
		},
	}
}

// item is a Lua value as an item: comparable, and what Go plugins understand where they can.
func (b *Bridge) item(v lua.LValue) any { return b.toGo(v) }

func (b *Bridge) addItem(L *lua.LState, o *moduleObject, key string, v lua.LValue) {
	if v == lua.LNil {
		L.RaiseError("an item %q cannot be nil", key)
	}
	o.m.AddItem(b.in.Context(L), key, b.item(v))
	o.noteItem(L, key, v)
	if service, ok := v.(*lua.LTable); ok && key == serviceItem {
		b.beginService(L, o, service)
	}
}

// noteItem and withdrawItem keep module.items, where modules look at what they and others have added.
func (o *moduleObject) noteItem(L *lua.LState, key string, v lua.LValue) {
	items, ok := o.IndexString(L, "items").(*lua.LTable)
	if !ok {
		return
	}
	list, ok := items.RawGetString(key).(*lua.LTable)
	if !ok {
		list = L.NewTable()
		items.RawSetString(key, list)
	}
	list.Append(v)
}

func (o *moduleObject) withdrawItem(key string, v lua.LValue) {
	items, _ := o.extra.RawGetString("items").(*lua.LTable)
	if items == nil {
		return
	}
	list, _ := items.RawGetString(key).(*lua.LTable)
	for i := 1; list != nil && i <= list.Len(); i++ {
		if list.RawGetInt(i) == v {
			list.Remove(i)
			return
		}
	}
}

func (b *Bridge) hostItems(L *lua.LState) int {
	var items []lua.LValue
	for _, v := range b.module(L).m.Items(L.CheckString(2)) {
		items = append(items, b.toLua(v))
	}
	L.Push(b.construct(L, "util.array", "", items))
	return 1
}

// handleItems: key, added, removed, existing (default true): calls for items as they come and go, and for those that are there.
func (b *Bridge) handleItems(L *lua.LState) int {
	o, key := b.module(L), L.CheckString(2)
	bus := b.bus(L, o)
	for prefix, fn := range map[string]lua.LValue{"item-added/": L.Get(3), "item-removed/": L.Get(4)} {
		if f, ok := fn.(*lua.LFunction); ok {
			o.hook(L, bus, prefix+key, f, 0)
		}
	}
	added, ok := L.Get(3).(*lua.LFunction)
	if !ok || L.Get(5) == lua.LFalse {
		return 0
	}
	for _, v := range o.m.Items(key) {
		ev := sdk.NewEvent("item-added/"+key, "source", o.m, "item", v)
		L.Push(added)
		L.Push(b.eventValue(ev))
		L.Call(1, 0)
	}
	return 0
}

// provides: kind, item (default: the module's own globals).
func (b *Bridge) provides(L *lua.LState) int {
	o, kind := b.module(L), L.CheckString(2)
	item, ok := L.Get(3).(*lua.LTable)
	if !ok {
		item = L.NewTable()
		for k, v := range b.fields(o.env) {
			if k != lua.LString("module") {
				item.RawSet(k, v)
			}
		}
	}
	if item.RawGetString("name") == lua.LNil {
		name := o.m.Name()
		if name != kind {
			name = strings.TrimPrefix(name, strings.ReplaceAll(kind, "-", "_")+"_")
		}
		item.RawSetString("name", lua.LString(name))
	}
	item.RawSetString("_provided_by", lua.LString(o.m.Name()))
	b.addItem(L, o, kind+"-provider", item)
	return 0
}
