package compat

import (
	"context"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// thing is an Object with named fields in order and a list.
type thing struct {
	names  []string
	fields map[string]lua.LValue
	list   []lua.LValue
	meta   lua.LValue
}

func (o *thing) Index(_ *lua.LState, key lua.LValue) lua.LValue {
	switch k := key.(type) {
	case lua.LString:
		return o.fields[string(k)]
	case lua.LNumber:
		if i := int(k); i >= 1 && i <= len(o.list) && lua.LNumber(i) == k {
			return o.list[i-1]
		}
	}
	return nil
}

func (o *thing) NewIndex(_ *lua.LState, key, value lua.LValue) {
	switch k := key.(type) {
	case lua.LString:
		if _, ok := o.fields[string(k)]; !ok {
			o.names = append(o.names, string(k))
		}
		o.fields[string(k)] = value
	case lua.LNumber:
		switch i := int(k); {
		case i == len(o.list)+1 && value != lua.LNil:
			o.list = append(o.list, value)
		case i == len(o.list) && value == lua.LNil:
			o.list = o.list[:i-1]
		case i >= 1 && i <= len(o.list):
			o.list[i-1] = value
		}
	}
}

func (o *thing) Len() int              { return len(o.list) }
func (o *thing) Metatable() lua.LValue { return o.meta }
func (o *thing) TypeName() string      { return "thing" }

func (o *thing) Next(_ *lua.LState, key lua.LValue) (k, v lua.LValue) {
	i := 0
	switch k := key.(type) {
	case lua.LNumber:
		i = int(k)
	case lua.LString:
		i = len(o.list)
		for j, name := range o.names {
			if name == string(k) {
				i += j + 1
			}
		}
	}
	if i < len(o.list) {
		return lua.LNumber(i + 1), o.list[i]
	}
	for i -= len(o.list); i < len(o.names); i++ {
		if v := o.fields[o.names[i]]; !isNil(v) {
			return lua.LString(o.names[i]), v
		}
	}
	return nil, nil
}

// withThing makes an interpreter with a proxy `o` whose metatable is the global table `mt`.
func withThing(t testing.TB) *Interp {
	it := New(Options{})
	mt := it.State().NewTable()
	o := &thing{fields: map[string]lua.LValue{}, meta: mt}
	it.Globals().RawSetString("mt", mt)
	it.Globals().RawSetString("o", it.NewProxy(o))
	it.Globals().RawSetString("bare", it.NewProxy(&thing{fields: map[string]lua.LValue{}}))
	if _, err := run(t, it, `mt.__index = { method = function(self, x) return self.name .. x end, kind = "thing" }
		o.name = "it" o[1] = "a" o[2] = "b" o[3] = "c"`); err != nil {
		t.Fatal(err)
	}
	return it
}

// A proxy is a table in every respect that a program can see (probes A2, representation d).
func TestProxiesAreTables(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"type":                      {`return type(o), type(bare)`, "table table"},
		"fields":                    {`o.x = 5 return o.x, o.missing, o.name`, "5 nil it"},
		"false and nil":             {`o.x = false local a = o.x o.x = nil return a, o.x`, "false nil"},
		"methods":                   {`return o:method("!"), o.kind`, "it! thing"},
		"length":                    {`return #o, #bare`, "3 0"},
		"append by length":          {`o[#o + 1] = "d" return #o, o[4]`, "4 d"},
		"ipairs":                    {`local s = "" for i, v in ipairs(o) do s = s .. i .. v end return s`, "1a2b3c"},
		"pairs":                     {`local s = "" for k, v in pairs(o) do s = s .. k .. v end return s`, "1a2b3cnameit"},
		"next":                      {`return next(bare), next(o), next(o, "name"), next(o, 3)`, "nil 1 nil name it"},
		"for in next":               {`local n = 0 for k in next, o do n = n + 1 end return n`, "4"},
		"removal on the way":        {`o.y = 1 o.z = 2 for k in pairs(o) do if type(k) == "string" then o[k] = nil end end return next(o, 3)`, "nil"},
		"rawget":                    {`return rawget(o, "name"), rawget(o, "method"), rawget(o, 1)`, "it nil a"},
		"rawset":                    {`mt.__newindex = function() error("no") end return rawset(o, "q", 1) == o, o.q`, "true 1"},
		"rawlen, rawequal":          {`return rawlen(o), rawequal(o, o), rawequal(o, bare)`, "3 true false"},
		"unpack":                    {`return unpack(o)`, "a b c"},
		"table.unpack":              {`return table.unpack(o, 2, 3)`, "b c"},
		"table.concat":              {`return table.concat(o, ",")`, "a,b,c"},
		"table.insert":              {`table.insert(o, "z") table.insert(o, 1, "_") return table.concat(o)`, "_abcz"},
		"table.remove":              {`return table.remove(o), table.remove(o, 1), table.concat(o)`, "c a b"},
		"table.sort":                {`table.sort(o, function(a, b) return a > b end) return table.concat(o)`, "cba"},
		"table.maxn":                {`return table.maxn(o)`, "3"},
		"table.move":                {`return table.concat(table.move(o, 1, 3, 1, {}))`, "abc"},
		"getmetatable":              {`return getmetatable(o) == mt, getmetatable(bare), debug.getmetatable(o) == mt`, "true nil true"},
		"protected":                 {`mt.__metatable = "locked" return getmetatable(o), pcall(setmetatable, o, mt)`, "locked false cannot change a protected metatable"},
		"setmetatable":              {`return setmetatable(o, mt) == o, pcall(setmetatable, o, {})`, "true false cannot change the metatable of a thing"},
		"metatable of plain tables": {`local p = setmetatable({name = "p"}, mt) return p:method("?"), getmetatable(p) == getmetatable(o)`, "p? true"},
		"tostring":                  {`mt.__tostring = function(self) return "<" .. self.name .. ">" end return tostring(o), ("%s"):format(o)`, "<it> <it>"},
		"tostring, none":            {`return (tostring(o):match("^table: ")), tostring(o) == tostring(o)`, "table:  true"},
		"__call":                    {`mt.__call = function(self, a, b) return self.name, a, b end return o(1, 2)`, "it 1 2"},
		"__concat":                  {`mt.__concat = function(a, b) return "cat" end return o .. "x", "x" .. o, "a" .. "b" .. o`, "cat cat acat"},
		"arithmetic":                {`mt.__add = function(a, b) return "add" end mt.__unm = function() return "unm" end return o + 1, 1 + o, -o`, "add add unm"},
		"__eq":                      {`mt.__eq = function() return true end return o == bare, o == o, o ~= setmetatable({}, mt)`, "false true true"},
		"order":                     {`mt.__lt = function(a, b) return true end return o < o, o <= o, o > o`, "true false true"},
		"__le":                      {`mt.__le = function(a, b) return true end return o <= o`, "true"},
		"__newindex":                {`local log mt.__newindex = function(t, k, v) log = k end o.new = 1 o.name = "kept" return log, o.new, o.name`, "new nil kept"},
		"__newindex table":          {`local log = {} mt.__newindex = log o.new = 1 return log.new, o.new`, "1 nil"},
		"__index function":          {`mt.__index = function(t, k) return t.name .. k end return o.foo, o.name`, "itfoo it"},
		"__len":                     {`mt.__len = function() return 42 end return #o`, "42"},
		"__pairs":                   {`mt.__pairs = function(t) return next, {x = 1}, nil end for k, v in pairs(o) do return k, v end`, "x 1"},
		"as a key":                  {`local t = {[o] = 1, [bare] = 2} return t[o], t[bare]`, "1 2"},
		"identity":                  {`bare.o = o return bare.o == o, bare.o ~= bare`, "true true"},
		"as __index":                {`local p = setmetatable({}, {__index = o}) return p.name, p[1], p.kind, p.none`, "it a thing nil"},
		"as __newindex":             {`local p = setmetatable({}, {__newindex = o}) p.q = 9 return o.q, rawget(p, "q")`, "9 nil"},
		"in gsub":                   {`return (("name none"):gsub("%w+", o))`, "it none"},
		"deletion":                  {`o.name = nil o[3] = nil return o.name, #o`, "nil 2"},
		"swap":                      {`o[1], o[2] = o[2], o[1] return o[1], o[2]`, "b a"},
		"as environment":            {`local f = loadstring("name2 = name return name2, print") setfenv(f, o) return f()`, "it nil"},
		"error: call":               {`return pcall(function() o() end)`, "false test:1: attempt to call a table value"},
		"error: arithmetic":         {`return pcall(function() return o + 1 end)`, "false test:1: attempt to perform arithmetic on a table value"},
		"error: concat":             {`return pcall(function() return "x" .. bare end)`, "false test:1: attempt to concatenate a table value (global 'bare')"},
		"error: compare":            {`return pcall(function() return o < o end)`, "false test:1: attempt to compare two table values"},
		"error: index":              {`return pcall(function() return o.none.x end)`, "false test:1: attempt to index a nil value (field 'none')"},
		"error: method":             {`return pcall(function() return o:none() end)`, "false test:1: attempt to call a nil value (method 'none')"},
		"coroutine in it":           {`mt.__index = function(t, k) return coroutine.yield(k) end local co = coroutine.wrap(function() return o.foo end) return co(), co(7)`, "foo 7"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := run(t, withThing(t), c.src)
			if err != nil || got != c.want {
				t.Errorf("got %q, %v, want %q", got, err, c.want)
			}
		})
	}
}

func TestObjectOf(t *testing.T) {
	it := New(Options{})
	o := &thing{}
	if got, ok := ObjectOf(it.NewProxy(o)); !ok || got != Object(o) {
		t.Errorf("got %v, %v", got, ok)
	}
	for _, v := range []lua.LValue{it.Globals(), lua.LNil, lua.LString("x"), it.State().NewUserData()} {
		if got, ok := ObjectOf(v); ok {
			t.Errorf("%v is %v", v, got)
		}
	}
}

type listThing struct {
	thing
	log []string
}

func (o *listThing) Insert(_ *lua.LState, pos int, v lua.LValue) {
	o.log = append(o.log, "insert "+v.String())
}
func (o *listThing) Remove(_ *lua.LState, pos int) lua.LValue {
	o.log = append(o.log, "remove")
	return lua.LTrue
}

func TestObjectsWithListsOfTheirOwn(t *testing.T) {
	it := New(Options{})
	o := &listThing{thing: thing{list: []lua.LValue{lua.LTrue}}}
	fn, err := it.Load([]byte(`local o = ... table.insert(o, "x") table.insert(o, 1, "y") return table.remove(o)`), "=test", nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := it.Call(context.Background(), fn, 1, it.NewProxy(o))
	if err != nil || got[0] != lua.LTrue || len(o.log) != 3 || o.log[1] != "insert y" {
		t.Errorf("got %v, %v, %q", got, err, o.log)
	}
}
