package host_test

import (
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
		"method of a class": {`local g = h:enter("A"); return g:get_hall() == h, getmetatable(g) ~= getmetatable(h)`, "true true"},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := onHalls(t, "")
			s.want(tc.want, prelude+tc.code)
		})
	}
}
