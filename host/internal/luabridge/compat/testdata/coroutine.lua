-- Coroutines: a yield crosses whatever lies between it and resume.
test("values go both ways", function()
	local co = coroutine.create(function(a, b)
		local c = coroutine.yield(a + b)
		local d, e = coroutine.yield(c * 2)
		return d + e, "end"
	end)
	eq({ coroutine.resume(co, 1, 2) }, { true, 3 })
	eq({ coroutine.resume(co, 10) }, { true, 20 })
	eq({ coroutine.resume(co, 3, 4) }, { true, 7, "end" })
	eq(coroutine.status(co), "dead")
	eq({ coroutine.resume(co) }, { false, "cannot resume dead coroutine" })
end);

test("tail call of yield", function()
	local co = coroutine.wrap(function(x) return coroutine.yield(x) end)
	eq(co(1), 1)
	eq(co(2), 2)
end);

test("iterator", function()
	local sum = 0
	for i in coroutine.wrap(function() for i = 1, 4 do coroutine.yield(i) end end) do sum = sum + i end
	eq(sum, 10)
end);

test("status", function()
	local co, inner
	co = coroutine.create(function()
		eq(coroutine.status(co), "running")
		inner = coroutine.create(function() eq(coroutine.status(co), "normal") end)
		assert(coroutine.resume(inner))
		coroutine.yield()
	end)
	eq(coroutine.status(co), "suspended")
	assert(coroutine.resume(co))
	eq(coroutine.status(co), "suspended")
	eq(coroutine.status(inner), "dead")
	eq(coroutine.running() == co, false)
end);

test("running", function()
	local co
	co = coroutine.create(function() return coroutine.running() end)
	local ok, me = coroutine.resume(co)
	eq(me == co, true)
	eq(type(me), "thread")
	eq(tostring(me):match("^thread: ") ~= nil, true)
end);

test("an error ends it", function()
	local co = coroutine.create(function() error({ code = 5 }) end)
	local ok, e = coroutine.resume(co)
	eq(ok, false)
	eq(e.code, 5)
	eq(coroutine.status(co), "dead")
end);

test("resuming oneself", function()
	local co
	co = coroutine.create(function() return coroutine.resume(co) end)
	local _, ok, e = coroutine.resume(co)
	eq(ok, false)
	eq(e:match("^cannot resume"), "cannot resume")
end);

test("an error in wrap", function()
	local f = coroutine.wrap(function() error({ code = 7 }) end)
	local ok, e = pcall(f)
	eq(e.code, 7)
end);

if newer then
	test("wrap over a library function", function()
		eq({ coroutine.wrap(string.rep)("ab", 2) }, { "abab" })
	end);

	test("yield across pcall", function()
		local co = coroutine.create(function()
			local ok, v = pcall(function() return coroutine.yield(1) + 1 end)
			local ok2, e = pcall(function() coroutine.yield(v) error("x", 0) end)
			return ok, ok2, e
		end)
		eq({ coroutine.resume(co) }, { true, 1 })
		eq({ coroutine.resume(co, 41) }, { true, 42 })
		eq({ coroutine.resume(co) }, { true, true, false, "x" })
	end);

	test("yield across xpcall, iterator and metamethods", function()
		local co = coroutine.wrap(function()
			xpcall(function() coroutine.yield("xpcall") end, print)
			for _ in function() coroutine.yield("iterator") end do end
			local t = setmetatable({}, {
				__index = function(_, k) return coroutine.yield("index " .. k) end,
				__add = function() return coroutine.yield("add") end,
				__call = function() return coroutine.yield("call") end,
				__eq = function() return coroutine.yield("eq") end,
				__lt = function() return coroutine.yield("lt") end,
				__concat = function() return coroutine.yield("concat") end,
				__newindex = function() coroutine.yield("newindex") end,
			})
			local r = { t.x, t + 1, t(), t .. "x" }
			t.y = 1
			return r[1] .. r[2] .. r[3] .. r[4]
		end)
		eq(co(), "xpcall")
		eq(co(), "iterator")
		eq(co(), "index x")
		eq(co("a"), "add")
		eq(co("b"), "call")
		eq(co("c"), "concat")
		eq(co("d"), "newindex")
		eq(co(), "abcd")
	end);

	test("running in the main thread", function()
		local co, main = coroutine.running()
		eq(type(co), "thread")
		eq(main, true)
		eq(coroutine.isyieldable(), false)
		eq(coroutine.wrap(function() return coroutine.isyieldable() end)(), true)
	end);

	test("close", function()
		local co = coroutine.create(function() pcall(coroutine.yield) error("went on") end)
		coroutine.resume(co)
		eq({ coroutine.close(co) }, { true })
		eq(coroutine.status(co), "dead")
		eq({ coroutine.close(co) }, { true })
	end);
end

if ours then
	test("yield across gsub and sort callbacks", function()
		local co = coroutine.wrap(function()
			local s = ("abc"):gsub(".", function(c) return coroutine.yield(c) end)
			table.sort({ 2, 1 }, function(a, b) coroutine.yield("sort") return a < b end)
			return s
		end)
		eq(co(), "a")
		eq(co("x"), "b")
		eq(co("y"), "c")
		eq(co("z"), "sort")
		local last
		repeat last = co() until last ~= "sort"
		eq(last, "xyz")
	end);
end
