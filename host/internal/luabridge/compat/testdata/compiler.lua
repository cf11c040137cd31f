-- What gopher-lua's compiler and machine get wrong (probes A7, language), repaired by rewriting.
test("swap of locals", function()
	local a, b, c = 1, 2, 3
	a, b = b, a
	eq({ a, b }, { 2, 1 })
	a, b, c = c, a, b
	eq({ a, b, c }, { 3, 2, 1 })
end);

test("shift of arguments", function()
	local function hook_tag(xmlns, name, handler, priority)
		if not handler and type(name) == "function" then
			xmlns, name, handler, priority = nil, xmlns, name, handler
		end
		return xmlns, name, priority
	end
	eq({ hook_tag("tag", print) }, { nil, "tag" })
end);

test("assignment evaluates everything first", function()
	local i, t = 1, {}
	i, t[i] = i + 1, 20
	eq(i, 2)
	eq(t, { 20 })
	local a = { 1, 2, 3 }
	a[1], a[2], a[3] = a[3], a[1], a[2]
	eq(a, { 3, 1, 2 })
	local x, y = 1, 2
	x, y = y
	eq({ x, y }, { 2 })
	local function two() return 8, 9 end
	x, y = two()
	eq({ x, y }, { 8, 9 })
	local p, q, r
	p, q, r = 0, two()
	eq({ p, q, r }, { 0, 8, 9 })
	local o = {}
	o.a, o.b, o.c = 1, two(), 3
	eq(o, { a = 1, b = 8, c = 3 })
	o.a, o.b = nil, nil
	eq(o, { c = 3 })
end);

test("assignment to the object it reads", function()
	local t = { n = { v = 1 } }
	t, t.n = t.n, "old"
	eq(t, { v = 1 })
	local up1, up2 = 1, 2
	local function swap() up1, up2 = up2, up1 end
	swap()
	eq({ up1, up2 }, { 2, 1 })
	local node = { next = { next = nil, id = 2 }, id = 1 }
	local prev, cur = nil, node
	while cur do cur.next, prev, cur = prev, cur, cur.next end
	eq(prev.id, 2)
	eq(prev.next.id, 1)
end);

test("generic for with fewer than three values", function()
	local t = { 10, 20, 30 }
	local n = 0
	for k, v in next, t do n = n + v end
	eq(n, 60)
	for k in next, t do n = n + k end
	eq(n, 66)
	local i = 0
	for v in function() i = i + 1 if i <= 3 then return i end end do n = n + v end
	eq(n, 72)
	local function state() return t, 1 end
	local seen = {}
	for k, v in next, state() do seen[#seen + 1] = v end
	eq(seen, { 20, 30 })
	for k in next, state() do seen[#seen + 1] = k end
	eq(seen, { 20, 30, 2, 3 })
	for k, v in (pairs(t)) , t do seen[k] = nil end
	eq(seen, { [4] = 3 })
	for a, b, c, d in next, t do eq(d, nil) end
	for outer in next, t do for inner in next, t do n = n + 1 end end
	eq(n, 81)
end);

test("break closes variables of inner blocks", function()
	local fs, live = {}, nil
	for i = 1, 3 do
		if i == 2 then
			local q = i * 10
			fs[1] = function() q = q + 1 return q end
			break
		end
	end
	local a, b, c, d, e, f = 1, 2, 3, 4, 5, 6
	eq({ fs[1](), fs[1]() }, { 21, 22 })
	eq({ a, b, c, d, e, f }, { 1, 2, 3, 4, 5, 6 })
	while true do
		do local x = 5; live = function() return x end; break end
	end
	local y, z = 7, 8
	eq(live(), 5)
	repeat
		local stop = true
		if stop then local w = "w"; live = function() return w end; break end
	until false
	local u, v = 1, 2
	eq(live(), "w")
	for k in pairs({ 1, 2 }) do
		local key = k
		if true then local w = key; live = function() return w end; break end
	end
	local g, h = "g", "h"
	eq(live(), 1)
end);

test("a loop that begins with a jump", function()
	local t, n = { 1, 2, 3 }, 0
	for k in pairs(t) do
		n = n + 1
		for inner in pairs(t) do break end
	end
	eq(n, 3)
	for k in pairs(t) do
		if false then n = 100 end
		n = n + 1
	end
	eq(n, 6)
	while true do
		if nil then n = 100 end
		n = n + 1
		if n > 10 then break end
	end
	eq(n, 11)
	repeat
		while false do end
		n = n + 1
	until n > 15
	eq(n, 16)
	for i = 1, 3 do
		do if not true then n = 100 end end
		n = n + 1
	end
	eq(n, 19)
	for i = 1, 3 do
		if true then if false then n = 100 end end
		n = n + 1
	end
	eq(n, 22)
end);

test("a local function expression does not see itself", function()
	local tostring = function(...) return "<" .. tostring(...) .. ">" end
	eq(tostring(1), "<1>")
	local function fact(n) return n == 0 and 1 or n * fact(n - 1) end
	eq(fact(5), 120)
	local assigned
	assigned = function(n) return n == 0 and 0 or assigned(n - 1) end
	eq(assigned(3), 0)
end);

test("numerals", function()
	eq({ 0010, 010, 08, 0x10, 0xff, 1e3, .5, 3., 0xFFFFFFFF }, { 10, 10, 8, 16, 255, 1000, 0.5, 3, 4294967295 })
	eq("0010" + 1, 11)
	eq("010" * "2", 20)
	eq("0x10" + 0, 16)
	eq(" 5\r\n" + 1, 6)
	eq("1e1" - 1, 9)
	eq(-"2", -2)
	eq(10 .. 20, "1020")
end);

test("variables survive an error that is caught", function()
	local count = 0
	local function bump() count = count + 1 end
	pcall(error, "x")
	bump()
	pcall(function() bump() error("y") end)
	bump()
	eq(count, 3)
	local kept
	pcall(function()
		local inner = 1
		kept = { get = function() return inner end, set = function(v) inner = v end }
		inner = 2
		error("z")
	end)
	eq(kept.get(), 2)
	kept.set(5)
	eq(kept.get(), 5)
	xpcall(function()
		local inner = 3
		kept.get = function() return inner end
		local x = nil + inner
	end, function() bump() end)
	eq(kept.get(), 3)
	bump()
	eq(count, 5)
	for i = 1, 3 do
		pcall(function() local v = i; kept[i] = function() return v end; error({}) end)
	end
	eq({ kept[1](), kept[2](), kept[3]() }, { 1, 2, 3 })
end);

test("a parameter assigned from a call in parentheses", function()
	local function trim(s) s = (s:gsub("^%s+", "")) return s end
	local function both(s) local n = 1; s = (s:gsub("x", "y")) return s, n end
	local function plain(a) local n = 1; a = (tostring(a)) return a, n end
	local function extra(a) local n = 1; a = tostring(a), n return a, n end
	eq(trim("  a"), "a")
	eq({ both("axa") }, { "aya", 1 })
	eq({ plain(5) }, { "5", 1 })
	eq({ extra(5) }, { "5", 1 })
end);

test("concatenation", function()
	local function two() return "a", "b" end
	local function last(n) n = n .. "x" return n end
	local function lastOf(m, n) n = m .. n .. two() return n end
	eq({ last("q"), lastOf("q", "r") }, { "qx", "qra" })
	eq({ "x" .. two() }, { "xa" })
	eq({ two() .. "x" }, { "ax" })
	eq({ (function() return "x" .. two() end)() }, { "xa" })
	eq({ (function(...) return "x" .. ... end)("y", "z") }, { "xy" })
	eq(1 .. 2 .. -3 .. 0.5 .. "", "12-30.5")
	eq(("a" .. "b") .. ("c" .. "d"), "abcd")
	eq(0.1 + 0.2 .. "", "0.3")
	eq(1e15 .. "|" .. 2 ^ 53 .. "|" .. 1 / 3, "1e+15|9.007199254741e+15|0.33333333333333")
	eq(select("#", "a" .. "b", "c" .. "d"), 2)
	eq(#("x" .. ("y"):rep(200)), 201)
	local order = {}
	local mt = {}
	mt.__concat = function(a, b)
		local function name(v) return type(v) == "table" and v.name or v end
		order[#order + 1] = name(a) .. "+" .. name(b)
		return setmetatable({ name = "(" .. name(a) .. name(b) .. ")" }, mt)
	end
	local o = setmetatable({ name = "o" }, mt)
	eq(("a" .. "b" .. o .. "c" .. 5 .. "d").name, "(a(b(oc5d)))")
	eq(order, { "o+c5d", "b+(oc5d)", "a+(b(oc5d))" })
	fails(function() local x = nil return "a" .. x end, "attempt to concatenate")
	fails(function() return "a" .. {} .. "b" end, "attempt to concatenate")
	local s = ""
	for i = 1, 300 do s = s .. i % 10 end
	eq(#s, 300)
	eq((loadstring or load)("return " .. ("'x' .. "):rep(150) .. "'y'")(), ("x"):rep(150) .. "y")
end);

test("closures in loops", function()
	local fs = {}
	for i = 1, 3 do fs[i] = function() i = i + 1 return i end end
	eq({ fs[1](), fs[1](), fs[2](), fs[3]() }, { 2, 3, 3, 4 })
	local i = 1
	repeat local v = i; fs[i] = function() return v end; i = i + 1 until v >= 3
	eq({ fs[1](), fs[2](), fs[3]() }, { 1, 2, 3 })
	for k, v in pairs({ a = 1 }) do fs[k] = function() return v end end
	eq(fs.a(), 1)
end);

test("varargs", function()
	local function count(...) return select("#", ...) end
	eq(count(nil, nil), 2)
	eq((count((function() return 1, 2 end)())), 2)
	eq(count(((function() return 1, 2 end)())), 1)
	local function rest(a, ...) local b, c = ... return a, b, c end
	eq({ rest(1, 2) }, { 1, 2 })
	eq(#{ (function(...) return ... end)(1, nil, 3) }, 3)
end);

test("deep recursion", function()
	local function depth(n) if n == 0 then return 0 end return 1 + depth(n - 1) end
	eq(depth(7000), 7000)
	local function loop(n) if n == 0 then return "done" end return loop(n - 1) end
	eq(loop(100000), "done")
	local function forever() return 1 + forever() end
	fails(forever, "stack overflow")
	local function protected(n) local ok, e = pcall(function() return protected(n + 1) end) return n end
	eq(protected(1), 1)
end);

test("stack overflow keeps variables", function()
	local kept
	pcall(function()
		local v = 1
		kept = function() v = v + 1 return v end
		local function forever() return 1 + forever() end
		return forever()
	end)
	eq({ kept(), kept() }, { 2, 3 })
end);

test("metamethods", function()
	local mt = {
		__len = function() return 42 end, __le = function() return true end, __lt = function() return true end,
		__call = function(self, a, b) return a + b end, __unm = function() return "unm" end,
		__concat = function(a, b) return "concat" end, __eq = function() return true end,
		__index = function(t, k) return k .. "!" end,
	}
	local a, b = setmetatable({}, mt), setmetatable({}, mt)
	eq(a <= b, true)
	eq(a == b, true)
	eq(a ~= b, false)
	eq(a(1, 2), 3)
	eq(-a, "unm")
	eq(a .. 1, "concat")
	eq(1 .. a, "concat")
	eq(a.x, "x!")
	if newer then eq(#a, 42) end
end);

test("the last field of a table has a key and is a call", function()
	local function two() return 8, 9 end
	local function all(...) return { 1, key = ... } end
	eq({ 1, key = two() }, { 1, key = 8 })
	eq({ 1, ["k"] = two(), }, { 1, k = 8 })
	eq({ key = 1, two() }, { 8, 9, key = 1 })
	eq(all(8, 9), { 1, key = 8 })
end);

test("a generic for over a call of a part of a call's result", function()
	local function make()
		return { list = { {}, { items = function() local n = 0; return function() n = n + 1; return n < 3 and n or nil end end } } }
	end
	local sum = 0
	for n in make().list[2]:items() do sum = sum + n end
	for n in make().list[2].items() do sum = sum + n end
	for _ in pairs(make().list[2]) do sum = sum + 1 end
	eq(sum, 7)
end);
