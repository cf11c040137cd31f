-- The table library, next, length.
test("insert and remove", function()
	local t = { 1, 2, 3 }
	table.insert(t, 4)
	table.insert(t, 1, 0)
	eq(t, { 0, 1, 2, 3, 4 })
	eq(table.remove(t), 4)
	eq(table.remove(t, 1), 0)
	eq(t, { 1, 2, 3 })
	eq(table.remove(t, 2), 2)
	eq(t, { 1, 3 })
	eq(table.remove({}), nil)
	eq(table.remove({}, 0), nil)
	if old then
		eq(table.remove(t, 0), nil)
		eq(table.remove(t, 7), nil)
	end
	eq(t, { 1, 3 })
	fails(function() table.insert(t) end, "wrong number of arguments to 'insert'")
	fails(function() table.insert(nil, 1) end, "table expected, got nil")
end);

test("many inserts and removes", function()
	local t = {}
	for i = 1, 1000 do table.insert(t, i) end
	for i = 1, 500 do eq(table.remove(t, 1), i) end
	eq({ #t, t[1], t[500], t[501] }, { 500, 501, 1000 })
	for i = 1, 500 do t[#t] = nil end
	eq({ #t, next(t) }, { 0 })
	for i = 1, 10 do t[#t + 1] = i end
	eq(#t, 10)
end);

test("concat", function()
	eq(table.concat({ 1, "b", 2.5 }, ", "), "1, b, 2.5")
	eq(table.concat({}, ","), "")
	eq(table.concat({ 1, 2, 3 }, "-", 2), "2-3")
	eq(table.concat({ 1, 2, 3 }, "-", 2, 3), "2-3")
	eq(table.concat({ 1, 2, 3 }, "-", 3, 2), "")
	eq(table.concat({ 1, 2, 3 }, nil, 1, 2), "12")
	fails(function() table.concat({ 1, 2 }, ",", 1, 3) end, "invalid value")
	fails(function() table.concat({ {} }) end, "invalid value")
end);

test("sort", function()
	local t = { 3, 1, 2 }
	table.sort(t)
	eq(t, { 1, 2, 3 })
	table.sort(t, function(a, b) return a > b end)
	eq(t, { 3, 2, 1 })
	table.sort(t, nil)
	eq(t, { 1, 2, 3 })
	local words = { "b", "a", "C" }
	table.sort(words)
	eq(words, { "C", "a", "b" })
	fails(function() table.sort({ 3, nil, 1, 2 }) end, "attempt to compare")
	fails(function() table.sort({ 1, "x", 2 }) end, "attempt to compare")
	fails(function() table.sort({ 1, 2, 3 }, 5) end, "function expected")
	local objects = {}
	for i = 1, 100 do objects[i] = setmetatable({ (i * 37) % 101 }, { __lt = function(a, b) return a[1] < b[1] end }) end
	local mt = getmetatable(objects[1])
	for _, o in ipairs(objects) do setmetatable(o, mt) end
	table.sort(objects)
	for i = 2, 100 do eq(objects[i - 1][1] <= objects[i][1], true) end
end);

test("unpack", function()
	local unpack = table.unpack or unpack
	eq({ unpack({ 1, 2, 3 }) }, { 1, 2, 3 })
	eq({ unpack({ 1, 2, 3 }, 2) }, { 2, 3 })
	eq({ unpack({ 1, 2, 3 }, 2, 3) }, { 2, 3 })
	eq(select("#", unpack({}, 1, 3)), 3)
	eq(select("#", unpack({ n = 3 }, 1, nil)), 0)
	fails(function() unpack({}, 1, 1e8) end, "too many results to unpack")
end);

test("next and pairs", function()
	eq(next({}), nil)
	eq({ next({ 5 }) }, { 1, 5 })
	eq({ next({ 5 }, 1) }, {})
	local t = { 1, 2, a = 3, [2.5] = 4, [-1] = 5, [true] = 6 }
	local n, sum = 0, 0
	for k, v in pairs(t) do n, sum = n + 1, sum + v end
	eq({ n, sum }, { 6, 21 })
	fails(function() next({}, "nokey") end, ours and "invalid key to 'next'")
	fails(function() next(nil) end, "table expected, got nil")
	fails(function() for _ in pairs(nil) do end end)
	fails(function() ipairs() end, "bad argument #1 to 'ipairs'")
end);

test("removing during traversal", function()
	local t = {}
	for i = 1, 500 do t["k" .. i] = i; t[i] = i end
	local seen = 0
	for k in pairs(t) do
		seen = seen + 1
		t[k] = nil
	end
	eq(seen, 1000)
	eq(next(t), nil)
	for i = 1, 500 do t["x" .. i] = i end
	for k, v in pairs(t) do if v % 2 == 0 then t[k] = nil end end
	seen = 0
	for k, v in pairs(t) do seen = seen + 1; eq(v % 2, 1) end
	eq(seen, 250)
	while next(t) do t[next(t)] = nil end
	eq(next(t), nil)
	for i = 1, 300 do t[{}] = i end
	seen = 0
	for k in pairs(t) do
		seen = seen + 1
		local none
		t[k] = none
		for inner in pairs(t) do break end
	end
	eq(seen, 300)
end);

test("changing during traversal", function()
	local t = { a = 1, b = 2, c = 3 }
	for k, v in pairs(t) do t[k] = v * 10 end
	eq(t, { a = 10, b = 20, c = 30 })
end);

test("ipairs", function()
	local n = 0
	for i, v in ipairs({ 1, 2, nil, 4 }) do n = n + v end
	eq(n, 3)
	local list = { 1, 2, 3 }
	for i, v in ipairs(list) do if v == 1 then table.remove(list, 1) end n = n + 1 end
	eq(n, 5)
end);

test("length of lists with far numbers", function()
	local t = {}
	for i = 1, 200 do
		t[i * 4999] = "far"
		table.insert(t, i)
	end
	eq(#t, 200)
	t[#t + 1] = "end"
	eq({ #t, t[201], t[4999], t[199 * 4999] }, { 201, "end", "far", "far" })
	local sum = 0
	for i, v in ipairs(t) do sum = sum + i end
	eq(sum, 201 * 101)
	table.sort(t, function(a, b) return tostring(a) < tostring(b) end)
	eq(t[201], "end")
	eq({ table.remove(t), #t }, { "end", 200 })
	eq(#{ [5222] = 1 }, 0)
	eq(#{ 1, nil, 3 }, 3)
	eq(#{ n = 1 }, 0)
	local full = {}
	for i = 1, 100 do full[i] = i end
	full[150] = 1
	eq(#full, 100)
	full[150] = nil
	eq(#full, 100)
	full[100] = nil
	eq(#full, 99)
end);

test("appending", function()
	local t = {}
	for i = 1, 100 do t[#t + 1] = i end
	eq({ #t, t[1], t[100] }, { 100, 1, 100 })
	t[#t + 1] = nil
	eq(#t, 100)
	local function more() t[#t + 1] = "inner" return "outer" end
	t[#t + 1] = more()
	eq({ #t, t[101] }, { 101, "outer" })
	t[#t + 1], t[#t + 2] = "a", "b"
	eq({ #t, t[102], t[103] }, { 103, "a", "b" })
	local log = {}
	local p = setmetatable({}, { __newindex = function(t, k, v) log[#log + 1] = k .. v end })
	p[#p + 1] = "x"
	eq(log, { "1x" })
	local o = { list = {} }
	o.list[#o.list + 1] = "y"
	eq(o.list, { "y" })
	t[#t + 1] = t[#t]
	eq(t[104], "b")
	t[#t + 1] = function() return #t end
	eq(t[105](), 105)
	fails(function() local n n[#n + 1] = 1 end, "attempt to get length of")
	fails(function() return #nil end, "attempt to get length of")
	fails(function() return #5 end, "attempt to get length of")
	eq(#"abc" + #{ 1 }, 4)
end);

test("raw access", function()
	local t = setmetatable({}, { __index = function() return 1 end, __newindex = function() error("no") end })
	eq(rawget(t, "x"), nil)
	eq(rawset(t, "x", 5) == t, true)
	eq(t.x, 5)
	rawset(t, "x", nil)
	eq(rawget(t, "x"), nil)
	eq(rawequal(t, t), true)
	eq(rawequal("a", "a"), true)
	if newer then eq({ rawlen({ 1, 2 }), rawlen("abc") }, { 2, 3 }) end
	fails(function() rawset({}, nil, 1) end, "index is nil")
	fails(function() local t = {} t[0 / 0] = 1 end, "index is NaN")
	fails(function() rawset({}, 0 / 0, 1) end, "index is NaN")
end);

test("assigning nil", function()
	local t = { 1, 2, 3, x = 1 }
	t[3] = nil
	eq(#t, 2)
	t.x = nil
	eq(next(t, 2), nil)
	t.y = nil
	t[nil == 1] = nil
	local p = setmetatable({}, { __newindex = function(t, k, v) rawset(t, "log", tostring(k) .. tostring(v)) end })
	p.z = nil
	eq(p.log, "znil")
	rawset(p, "own", 1)
	p.own = nil
	eq({ rawget(p, "own"), p.log }, { nil, "znil" })
	local log = {}
	local q = setmetatable({}, { __newindex = log })
	q.a = 1
	q.a = nil
	eq(next(log), nil)
	fails(function() local t t.x = nil end, "attempt to index")
end);

if newer then
	test("pack and move", function()
		eq(table.pack(1, nil, 3), { 1, nil, 3, n = 3 })
		eq(table.pack(), { n = 0 })
		eq(table.move({ 1, 2, 3 }, 1, 3, 2), { 1, 1, 2, 3 })
		eq(table.move({ 1, 2, 3 }, 2, 3, 1), { 2, 3, 3 })
		eq(table.move({ 1, 2, 3 }, 1, 3, 3, { 9, 9 }), { 9, 9, 1, 2, 3 })
	end);

	test("__pairs", function()
		local t = setmetatable({}, { __pairs = function(t) return function(_, k) if not k then return 1, 2 end end, t, nil end })
		local got = {}
		for k, v in pairs(t) do got[k] = v end
		eq(got, { 2 })
	end);

	test("ipairs honours __index", function()
		local t = setmetatable({}, { __index = function(_, i) if i < 4 then return i * 10 end end })
		local n = 0
		for i, v in ipairs(t) do n = n + v end
		eq(n, 60)
	end);

	test("__len in the library", function()
		local t = setmetatable({}, { __len = function() return 3 end, __index = function(_, i) return "v" .. i end })
		eq(table.concat(t, ","), "v1,v2,v3")
		eq({ table.unpack(t) }, { "v1", "v2", "v3" })
	end);
end

if old then
	test("maxn, getn, foreach", function()
		eq(table.maxn({ 1, 2, [10] = 1, [2.5] = 1 }), 10)
		eq(table.getn({ 1, 2 }), 2)
		local n = 0
		table.foreach({ a = 1, b = 2 }, function(k, v) n = n + v end)
		eq(n, 3)
	end);
end
