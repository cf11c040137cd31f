test("traceback", function()
	local function inner() return (debug.traceback("message")) end
	local text = inner()
	eq(text:match("^message\nstack traceback:\n\t") ~= nil, true)
	eq(text:match("debug%.lua:2:") ~= nil, true)
	eq(text:match("debug%.lua:3:") ~= nil, true)
	local t = {}
	eq(debug.traceback(t) == t, true)
	eq(debug.traceback():match("^stack traceback:") ~= nil, true)
	eq(debug.traceback("m", 1):match("^m\nstack traceback:") ~= nil, true)
	eq(debug.traceback(5):match("^5\nstack traceback:") ~= nil, true)
	eq(debug.traceback(true), true)
end);

test("traceback of a coroutine", function()
	local function waits() coroutine.yield() end
	local co = coroutine.create(function() waits() end)
	eq(debug.traceback(co):match("^stack traceback:") ~= nil, true)
	coroutine.resume(co)
	local text = debug.traceback(co, "msg")
	eq(text:match("^msg\nstack traceback:") ~= nil, true)
	eq(text:match("debug%.lua:16:") ~= nil, true)
	eq(text:match("debug%.lua:17:") ~= nil, true)
	eq(type(debug.traceback(co)), "string")
	coroutine.resume(co)
	eq(debug.traceback(co), "stack traceback:")
end);

test("traceback in deep recursion is short", function()
	local function deep(n) if n == 0 then return debug.traceback() end return (deep(n - 1)) end
	local text = deep(200)
	eq(select(2, text:gsub("\n", "")) < 40, true)
	eq(text:find("...", 1, true) ~= nil, true)
end);

test("getinfo", function()
	local function f(a, b) return debug.getinfo(1, "nSlf") end
	local info = f()
	eq(info.currentline, 37)
	eq(info.linedefined, 37)
	eq(info.short_src, "testdata/debug.lua")
	eq(info.source, "@testdata/debug.lua")
	eq(info.func == f, true)
	eq(info.what, "Lua")
	eq(info.name, "f")
	info = debug.getinfo(f)
	eq(info.linedefined, 37)
	eq(info.lastlinedefined, 37)
	eq(info.currentline, -1)
	eq(debug.getinfo(print).what, "C")
	eq(debug.getinfo(print).short_src, "[C]")
	eq(debug.getinfo(print, "S").source, "=[C]")
	eq(debug.getinfo(1000), nil)
	eq(debug.getinfo(1, "l").currentline, 54)
	local up = 1
	eq(debug.getinfo(function() return up end, "u").nups, 1)
	eq(debug.getinfo((loadstring or load)("return 1", "=named"), "S").short_src, "named")
	eq(debug.getinfo((loadstring or load)("return 1"), "S").short_src, '[string "return 1"]')
	eq(debug.getinfo((loadstring or load)("return 1"), "S").what, "main")
	if newer then
		info = debug.getinfo(f, "u")
		eq({ info.nparams, info.isvararg }, { 2, false })
	end
end);

test("getinfo of a coroutine", function()
	local co = coroutine.create(function(first)
		local x = 1
		coroutine.yield()
	end)
	coroutine.resume(co, "the first")
	eq(debug.getinfo(co, 0, "S").what, "C")
	eq(debug.getinfo(co, 1, "l").currentline, 69)
	eq(debug.getinfo(co, 2), nil)
	eq({ debug.getlocal(co, 1, 1) }, { "first", "the first" })
	eq({ debug.getlocal(co, 1, 2) }, { "x", 1 })
	fails(function() debug.getlocal(co, 5, 1) end, "level out of range")
end);

test("locals", function()
	local a, b = 1, "two"
	eq({ debug.getlocal(1, 1) }, { "a", 1 })
	eq({ debug.getlocal(1, 2) }, { "b", "two" })
	eq(debug.setlocal(1, 1, 10), "a")
	eq(a, 10)
	eq(debug.getlocal(1, 50), nil)
end);

test("upvalues", function()
	local x, y = 1, 2
	local function f() return x, y end
	eq({ debug.getupvalue(f, 1) }, { "x", 1 })
	eq({ debug.getupvalue(f, 2) }, { "y", 2 })
	eq(debug.setupvalue(f, 1, 5), "x")
	eq(x, 5)
	eq(debug.getupvalue(f, 3), nil)
	if newer then
		local function g() return y end
		eq(debug.upvalueid(f, 2) == debug.upvalueid(g, 1), true)
		eq(debug.upvalueid(f, 1) == debug.upvalueid(g, 1), false)
	end
end);

test("metatables", function()
	local mt = { __metatable = "hidden" }
	local t = setmetatable({}, mt)
	eq(debug.getmetatable(t) == mt, true)
	debug.setmetatable(t, nil)
	eq(getmetatable(t), nil)
	eq(debug.getmetatable("").__index == string, true)
end);

test("hooks are accepted", function()
	debug.sethook()
	eq(debug.gethook(), nil)
	eq(type(debug.getregistry()), "table")
end);
