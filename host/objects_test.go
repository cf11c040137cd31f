package host_test

import (
	"runtime"
	"testing"

	"quatrain/sdk"
)

const withHalls = "[global]\nmodules_enabled = [\"tls\", \"saslauth\", \"roster\", \"halls\", \"t\"]\n[host.localhost]\n"

// onHalls is a stage with the plugin halls, and a Lua module t. Chunks that follow prelude can use halls, h (a hall) and t.
func onHalls(t *testing.T, module string) (*stage, *halls) {
	p := newHalls()
	s := start(t, setting{
		config:  withHalls,
		plugins: files("mod_t.lua", "halls = module:depends 'halls';\n"+module),
		native:  map[string]func() sdk.Plugin{"halls": func() sdk.Plugin { return p }},
	})
	return s, p
}

// hallsIn is onHalls with the plugin in the server's process, or in one of its own.
func hallsIn(t *testing.T, process bool, module string) *stage {
	if !process {
		s, _ := onHalls(t, module)
		return s
	}
	return start(t, setting{
		config:    withHalls,
		plugins:   files("mod_t.lua", "halls = module:depends 'halls';\n"+module),
		processes: map[string]func() sdk.Plugin{"halls": processPlugins["halls"]},
	})
}

// bothWays runs a test with the plugin in the server's process and in one of its own.
func bothWays(t *testing.T, f func(t *testing.T, process bool)) {
	t.Run("within", func(t *testing.T) { f(t, false) })
	t.Run("process", func(t *testing.T) { f(t, true) })
}

const prelude = `
local t = prosody.hosts.localhost.modules.t;
local halls = prosody.hosts.localhost.modules.halls;
local h = halls.get_hall("great");
local function fails(...) local ok, err = pcall(...); assert(not ok, "no error"); return (tostring(err):gsub("^%w+:%d+: ", "")); end
`

// What Lua sees of objects of a Go plugin.
func TestObjectsInLua(t *testing.T) {
	for name, tc := range map[string]struct{ code, want string }{
		"type":                {`return type(h), type(h._data), type(halls)`, "table table table"},
		"identity":            {`return h == halls.get_hall("great"), h == halls.get_hall("small"), rawequal(h, (h:same(h)))`, "true false true"},
		"key":                 {`local k = {}; k[h] = 1; return k[halls.get_hall("great")]`, "1"},
		"one door":            {`return halls == t.halls, halls.get_hall == t.halls.get_hall, require "core.modulemanager".get_module("localhost", "halls") == halls`, "true true true"},
		"exports":             {`halls.mine = 3; return halls.version, halls.nothing, rawget(halls, "get_hall") ~= nil, t.halls.mine`, "2 nil true 3"},
		"failing export":      {`return fails(function () return halls.moody; end)`, `reading "moody" of a plugin: policy-violation: not today`},
		"constant":            {`return h.jid, fails(function () h.jid = "x"; end)`, "great hall.jid never changes and cannot be assigned"},
		"property":            {`h.name = "Great Hall"; return h.name, h:get_name()`, "Great Hall Great Hall"},
		"refused property":    {`return fails(function () h.broken = 1; end)`, `hall.broken: hall: no such property: "broken"`},
		"property with rules": {`local g = h:enter("Tybalt"); g.role = "guest"; return g.role, fails(function () g.role = 1; end)`, "guest guest.role: a role is a string, not a float64"},
		"private field": {`h.jitsiMetadata = { 1 }; h[1] = "one"; local other = halls.get_hall("great");
			return other.jitsiMetadata[1], other[1], rawget(h, 1), halls.get_hall("small").jitsiMetadata, h.never`, "1 one one nil nil"},
		"rawset":        {`rawset(h, "x", 5); return h.x, rawget(h, "x"), rawget(h, "jid")`, "5 5 great"},
		"method":        {`return h:greet("Romeo"), h.greet(h, "Romeo") == h:greet("Romeo"), h.greet == halls.get_hall("small").greet`, "Welcome to great, Romeo true true"},
		"no colon":      {`return fails(h.greet, "Romeo")`, "hall:greet: hall expected, got string (call methods with a colon)"},
		"error":         {`return fails(h.fail, h)`, "hall:fail: the roof has come down"},
		"stanza error":  {`local r, err = h:refuse(); return r, err.type, err.condition, err.text`, "nil cancel not-allowed no"},
		"rows":          {`h:enter("B"); h:enter("A"); local out = {}; for nick, g, role in h:each_guest() do out[#out+1] = nick..role..g.nick; end; return table.concat(out, " ")`, "AvisitorA BvisitorB"},
		"tostring":      {`return tostring(h), tostring(h:enter("Romeo"))`, "hall (great) guest Romeo"},
		"open":          {`h._data.number = 2; h._data[7] = "seven"; return h._data.number, h._data[7], h._data.none, h._data == h._data, getmetatable(h._data)`, "2 seven nil true nil"},
		"list":          {`local l = h._data; table.insert(l, "a"); table.insert(l, "c"); table.insert(l, 2, "b"); return #l, table.concat(l, ""), table.remove(l, 1), #l, unpack(l)`, "3 abc a 2 b c"},
		"ipairs":        {`local l = h._data; l[1], l[2] = "x", "y"; local out = ""; for i, v in ipairs(l) do out = out..i..v; end; return out`, "1x2y"},
		"pairs":         {`h.z = 1; local out = {}; for k in pairs(h) do out[#out+1] = k; end; table.sort(out); return table.concat(out, " ")`, "_data jid name z"},
		"nested pairs":  {`h._data.x = 1; local n = 0; for k in pairs(h._data) do for l in pairs(h._data) do n = n + 1; end; end; return n`, "4"},
		"next":          {`local d = h._data; local k, v = next(d); return k, v, next(d, k), next(halls.get_hall("small")._guests)`, "number 1 nil nil"},
		"removal":       {`h:enter("A"); h:enter("B"); for nick in pairs(h._guests) do h._guests[nick] = nil; end; return next(h._guests), h._guests.A`, "nil nil"},
		"nested table":  {`h._data.list = { "a", { deep = true } }; return #h._data.list, h._data.list[2].deep`, "2 true"},
		"metatable":     {`return getmetatable(h) == halls.hall_mt, getmetatable(h).__index == halls.hall_mt, rawget(halls, "hall_mt") == halls.hall_mt`, "true true true"},
		"set metatable": {`return fails(setmetatable, h, {})`, "cannot change the metatable of a hall"},
		"new method":    {`function halls.hall_mt:shout() return self.jid:upper(); end; local s = h:shout(); halls.hall_mt.shout = nil; return s, h.shout`, "GREAT nil"},
		"metamethod":    {`halls.hall_mt.__concat = function (a, b) return "joined"; end; return h..h`, "joined"},
		"inheritance":   {`local o = setmetatable({}, halls.hall_mt); return type(o.greet), tostring(o):match("^class")`, "function class"},
		"same values": {`local a, b, f, co = {}, setmetatable({}, {}), function () end, coroutine.create(function () end);
			local a2, b2, f2, co2, h2 = h:same(a, b, f, co, h); return a == a2, b == b2, f == f2, co == co2, h == h2, select("#", h:same(nil, nil))`, "true true true true true 2"},
		"functions that go back": {`local f = halls.get_hall; h._data.f = f; local g = h:same(f); return g == f, h._data.f == f`, "true true"},
		"coroutine": {`h.name = "great"; local next = coroutine.wrap(function () for i = 1, 3 do coroutine.yield(h:greet(tostring(i)) and i..h.name); end; end);
			return next(), next(), (require "util.async".wait_for and h:enter("Romeo").nick)`, "1great 2great Romeo"},
		"shared value type": {`local l = {}; for g in pairs(h._guests) do end; h._data.f = print; return h._data.f == print`, "true"},
		"stored":            {`h._data.deep = { list = { 1, 2 } }; local d = require "core.storagemanager".open("localhost", "x"); assert(d:set("u", h._data)); local r = d:get("u"); return r.number, r.deep.list[2]`, "1 2"},
		"json":              {`h._data.deep = { list = { 1, 2 } }; local json = require "util.json"; local r = json.decode(json.encode(h._data)); return r.number, r.deep.list[2]`, "1 2"},
		"broadcast table":   {`h._data.x = "a@b"; local set = require "util.set".new(); for k, v in pairs(h._data) do set:add(v); end; return set:contains("a@b")`, "true"},
		"xpcall":            {`return (select(2, xpcall(function () h:fail(); end, function (e) return "caught "..e:gsub("^%w+:%d+: ", ""); end)))`, "caught hall:fail: the roof has come down"},
		"method of a class": {`local g = h:enter("A"); return g:get_hall() == h, getmetatable(g) ~= getmetatable(h)`, "true true"},
	} {
		t.Run(name, func(t *testing.T) {
			bothWays(t, func(t *testing.T, process bool) {
				s := hallsIn(t, process, "")
				s.want(tc.want, prelude+tc.code)
			})
		})
	}
}

// Functions that Lua puts in the place of an owner's methods, for all objects and for one.
func TestReplacedMethods(t *testing.T) {
	const wrap = `
local function wrap(object, name, word)
	local original = object[name];
	object[name] = function (self, ...) return word.."("..original(self, ...)..")"; end;
	return function () object[name] = original; end;
end
local mt = getmetatable(h); -- nobody has asked for halls.hall_mt
`
	for name, tc := range map[string]struct{ code, lua, owner string }{
		"all":            {`wrap(mt, "greet", "a")`, "a(Welcome to great, you)", "a(Welcome to great, me)"},
		"twice":          {`wrap(mt, "greet", "a"); wrap(mt, "greet", "b")`, "b(a(Welcome to great, you))", "b(a(Welcome to great, me))"},
		"undone":         {`local undo = wrap(mt, "greet", "a"); undo()`, "Welcome to great, you", "Welcome to great, me"},
		"half undone":    {`wrap(mt, "greet", "a"); local undo = wrap(mt, "greet", "b"); undo()`, "a(Welcome to great, you)", "a(Welcome to great, me)"},
		"removed":        {`wrap(mt, "greet", "a"); mt.greet = nil`, "Welcome to great, you", "Welcome to great, me"},
		"one":            {`wrap(h, "greet", "a")`, "a(Welcome to great, you)", "a(Welcome to great, me)"},
		"other":          {`wrap(halls.get_hall("small"), "greet", "a")`, "Welcome to great, you", "Welcome to great, me"},
		"one undone":     {`local undo = wrap(h, "greet", "a"); undo()`, "Welcome to great, you", "Welcome to great, me"},
		"one, then all":  {`wrap(h, "greet", "a"); wrap(mt, "greet", "b")`, "a(Welcome to great, you)", "a(Welcome to great, me)"},
		"all, then one":  {`wrap(mt, "greet", "a"); wrap(h, "greet", "b")`, "b(a(Welcome to great, you))", "b(a(Welcome to great, me))"},
		"read by name":   {`wrap(halls.hall_mt, "greet", "a"); assert(mt.greet == halls.hall_mt.greet and h.greet == mt.greet)`, "a(Welcome to great, you)", "a(Welcome to great, me)"},
		"taken before":   {`local old = h.greet; mt.greet = function () return "new"; end; assert(old(h, "x") == "Welcome to great, x")`, "new", "new"},
		"constant value": {`mt.greet = function () return "new"; end`, "new", "new"},
	} {
		t.Run(name, func(t *testing.T) {
			s, p := onHalls(t, "")
			s.want(tc.lua, prelude+wrap+tc.code+`; return h:greet("you")`)
			results, err := p.hall("great").Call(sdk.NewChain(t.Context()), "greet", "me")
			if err != nil || len(results) != 1 || results[0] != tc.owner {
				t.Errorf("the owner calls %v, %v; want %q", results, err, tc.owner)
			}
		})
	}
}

// Replacing what the owner does not let be replaced is an error that says so.
func TestRefusedMethods(t *testing.T) {
	bothWays(t, testRefusedMethods)
}

func testRefusedMethods(t *testing.T, process bool) {
	s := hallsIn(t, process, "")
	const refused = `belongs to another plugin, which does not let it be replaced`
	s.want(`the method "leave" of a hall `+refused, prelude+`return fails(function () halls.hall_mt.leave = print; end)`)
	s.want(`the method "leave" of a hall `+refused, prelude+`return fails(function () h.leave = print; end)`)
	s.want(`the method "get_hall" of a guest `+refused, prelude+`return fails(function () getmetatable(h:enter("A")).get_hall = print; end)`)
	s.want("poked", prelude+`getmetatable(h:enter("A")).poke = function () return "poked"; end; return h:enter("B"):poke()`)
}

// What hangs on a Lasting object stays, and what hangs on another one as long as Lua has it.
func TestFieldsOfObjectsOutliveGarbageCollection(t *testing.T) {
	s, _ := onHalls(t, "")
	s.lua(prelude + `h.mine = {}; kept = nil; local g = h:enter("Romeo"); g.mine = 1; t.halls.kept = g; h:enter("Juliet").mine = 2;`)
	for range 3 {
		runtime.GC()
	}
	s.want("table 1 nil", prelude+`return type(h.mine), h._guests.Romeo.mine, h._guests.Juliet.mine`)
}

// A Lua handler changes an event of a Go plugin: fields, a table in it, and who comes after sees it.
func TestEventsOfGoPluginsInLua(t *testing.T) {
	bothWays(t, testEventsInLua)
}

func testEventsInLua(t *testing.T, process bool) {
	s := hallsIn(t, process, `
module:hook("hall-enter", function (event)
	if event.guest.nick == "Tybalt" then return "duel"; end
	assert(event.hall == halls.get_hall(event.hall.jid));
	event.guest.role, event.guest.note = "guest", "seen";
	event.codes["201"] = true;
	event.answer = function (x) return x * 2; end;
	event.given = { deep = {} };
end, 1);
module:hook("hall-enter", function (event)
	assert(event.guest.note == "seen" and event.codes["201"] and event.answer(2) == 4);
	event.given.deep.er = true;
end);
module:hook("hall-enter", function (event)
	assert(event.given.deep.er);
end, -1);
`)
	s.want("guest seen 110,201", prelude+`local g, codes = h:enter("Romeo"); return g.role, g.note, table.concat(codes, ",")`)
	s.want("nil duel", prelude+`return h:enter("Tybalt")`)
}
