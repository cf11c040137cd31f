-- Global functions.
local load = loadstring or load

test("tonumber", function()
	eq({ tonumber("1e3"), tonumber("5\r"), tonumber(" 10 "), tonumber("0x10"), tonumber("-0x10"), tonumber(".5"), tonumber("5."), tonumber("1e+2") },
		{ 1000, 5, 10, 16, -16, 0.5, 5, 100 })
	for _, s in ipairs({ "", " ", "abc", "1 2", "1e", "0x", "1..2", "--1", "1_000", "١", "0x1g", "1e5x", "0b1" }) do
		eq(tonumber(s), nil, s)
	end
	eq({ tonumber("ff", 16), tonumber("FF", 16), tonumber("777", 8), tonumber("zz", 36), tonumber("1010", 2), tonumber(" 11 ", 2) },
		{ 255, 255, 511, 1295, 10, 3 })
	eq({ tonumber("9", 8), tonumber("12", 2), tonumber("", 16), tonumber("1.5", 16) }, {})
	eq(tonumber(nil), nil)
	eq(tonumber({}), nil)
	eq(tonumber(5), 5)
	eq(tonumber("10", 10), 10)
	eq(tonumber("010"), 10)
	fails(function() tonumber() end, "bad argument #1 to 'tonumber'")
	fails(function() tonumber("1", 99) end, "base out of range")
end);

test("tostring", function()
	eq({ tostring(nil), tostring(true), tostring("x"), tostring(12) }, { "nil", "true", "x", "12" })
	eq(tostring(setmetatable({}, { __tostring = function(t) return "me" end })), "me")
	eq(tostring({}):match("^table: ") ~= nil, true)
	eq(tostring(print):match("^function: ") ~= nil, true)
	fails(function() tostring() end, "bad argument #1 to 'tostring'")
	if newer then fails(function() tostring(setmetatable({}, { __tostring = function() return {} end })) end, "'__tostring' must return a string") end
end);

test("select", function()
	eq(select("#"), 0)
	eq(select("#", nil, nil), 2)
	eq({ select(2, "a", "b", "c") }, { "b", "c" })
	eq({ select(-1, "a", "b", "c") }, { "c" })
	eq(select("#", select(4, "a", "b", "c")), 0)
	fails(function() select(0) end, "index out of range")
	fails(function() select(-5, 1) end, "index out of range")
end);

test("type and rawequal", function()
	eq({ type(nil), type(1), type(""), type({}), type(print), type(true), type(coroutine.create(function() end)) },
		{ "nil", "number", "string", "table", "function", "boolean", "thread" })
	fails(function() type() end, "bad argument #1 to 'type'")
end);

test("assert", function()
	eq({ assert(1, 2, 3) }, { 1, 2, 3 })
	fails(function() assert(false) end, "assertion failed!")
	local ok, e = pcall(assert, nil, "message")
	eq(e, "message")
	fails(function() assert() end, "bad argument #1 to 'assert'")
	if newer then
		local t = {}
		ok, e = pcall(assert, false, t)
		eq(e == t, true)
	end
end);

test("error levels", function()
	local function thrower(level) error("msg", level) end
	local function caller(level) thrower(level) end
	local _, e1 = pcall(caller, 1)
	local _, e2 = pcall(caller, 2)
	local _, e0 = pcall(caller, 0)
	eq(e0, "msg")
	eq(e1:match(":(%d+): msg$"), "61")
	eq(e2:match(":(%d+): msg$"), "62")
	local t = { code = 1 }
	local ok, e = pcall(error, t)
	eq(e == t, true)
	ok, e = pcall(error, t, 2)
	eq(e == t, true)
	ok, e = pcall(error)
	eq(e, nil)
	ok, e = pcall(error, 42, 0)
	eq(e, 42)
	ok, e = pcall(error, nil)
	eq({ ok, e }, { false })
	ok, e = pcall(function() error(setmetatable({}, { __tostring = function() return "shown" end })) end)
	eq(tostring(e), "shown")
end);

test("nested errors", function()
	local ok, e = pcall(function()
		local ok, e = pcall(error, "inner", 0)
		error("outer " .. e, 0)
	end)
	eq(e, "outer inner")
	eq({ pcall(pcall, error, "x") }, { true, false, "x" })
	eq({ pcall(function() return 1, nil, 3 end) }, { true, 1, nil, 3 })
	eq({ pcall(select, 2, "a", "b") }, { true, "b" })
	eq(pcall(nil), false)
	eq(select(2, pcall(nil)), "attempt to call a nil value")
	eq({ pcall(setmetatable({}, { __call = function(_, x) return x end }), 5) }, { true, 5 })
end);

test("xpcall", function()
	eq({ xpcall(function() return 1, 2 end, print) }, { true, 1, 2 })
	local ok, v = xpcall(function() error("x", 0) end, function(e) return e .. "!" end)
	eq({ ok, v }, { false, "x!" })
	local ok, trace = xpcall(function() local function deep() error("boom") end deep() end, debug.traceback)
	eq(ok, false)
	eq(trace:match("boom\nstack traceback:\n") ~= nil, true)
	eq(trace:match("in %S*%s*%S*deep") ~= nil or trace:match("in upvalue 'deep'") ~= nil, true)
	local seen
	xpcall(function() local marker = "here"; error("x") end, function() seen = debug.traceback("", 2) end)
	eq(type(seen), "string")
	ok, v = xpcall(function() error("a") end, function() error("b") end)
	eq(ok, false)
	if newer then eq({ xpcall(function(...) return ... end, print, 1, nil, 3) }, { true, 1, nil, 3 }) end
end);

test("metatables", function()
	local mt = {}
	local t = setmetatable({}, mt)
	eq(getmetatable(t) == mt, true)
	eq(setmetatable(t, nil) == t, true)
	eq(getmetatable(t), nil)
	setmetatable(t, { __metatable = "locked" })
	eq(getmetatable(t), "locked")
	fails(function() setmetatable(t, {}) end, "cannot change a protected metatable")
	fails(function() setmetatable("x", {}) end, "table expected, got string")
	fails(function() setmetatable({}, 5) end, "nil or table expected")
	fails(function() setmetatable({}) end, "nil or table expected")
	eq(getmetatable(5), nil)
	eq(getmetatable(nil), nil)
end);

test("collectgarbage", function()
	eq(collectgarbage("collect"), 0)
	eq(collectgarbage("count") > 10, true)
	eq(type(collectgarbage("step")), "boolean")
	eq(collectgarbage(), 0)
	fails(function() collectgarbage("nonsense") end, "invalid option 'nonsense'")
end);

test("load", function()
	eq(load("return 1 + 1")(), 2)
	eq({ load("return ...")(1, 2) }, { 1, 2 })
	local f, e = load("x = = 1", "=name")
	eq(f, nil)
	eq(e:match("^name:1: ") ~= nil, true)
	f, e = load("x =\n\n= 1", "@file.lua")
	eq(e:match("^file.lua:3: ") ~= nil, true)
	f, e = load("x = }")
	eq(e:match('^%[string "x = }"%]:1:') ~= nil, true)
	f, e = load("x = }\nlong second line")
	eq(e:match('^%[string "x = }%.%.%."%]:1:') ~= nil, true)
	local parts, i = { "return", " 4", "2" }, 0
	eq(_G.load(function() i = i + 1 return parts[i] end)(), 42)
	eq(load("")(), nil)
	local ok, err = pcall(load("local x = nil\nreturn x.y", "=chunk"))
	eq(err:match("^chunk:2: ") ~= nil, true)
	fails(function() load() end, "bad argument #1")
end);

test("dofile and loadfile", function()
	local name = os.tmpname()
	local f = assert(io.open(name, "w"))
	f:write("#!/usr/bin/lua\nreturn 5, debug.getinfo(1, 'S').source, debug.getinfo(1, 'l').currentline\n")
	f:close()
	eq({ dofile(name) }, { 5, "@" .. name, 2 })
	eq({ assert(loadfile(name))() }, { 5, "@" .. name, 2 })
	os.remove(name)
	local r, e = loadfile(name)
	eq(r, nil)
	eq(e:match("^cannot open ") ~= nil, true)
	fails(function() dofile(name) end, "cannot open ")
end);

test("require", function()
	package.preload["made.up"] = function(name) return { name = name } end
	local m = require("made.up")
	eq(m.name, "made.up")
	eq(require("made.up") == m, true)
	eq(package.loaded["made.up"] == m, true)
	package.loaded["made.up"] = nil
	eq(require("made.up") == m, false)
	package.preload["nothing"] = function() end
	eq(require("nothing"), true)
	eq(require("string") == string, true)
	eq(package.loaded._G == _G, true)
	fails(function() require("does.not.exist") end, "module 'does.not.exist' not found:")
	fails(function() require("does.not.exist") end, "no field package.preload['does.not.exist']")
	fails(function() require("does.not.exist") end, "no file './does/not/exist.lua'")
end);

test("require of a file", function()
	local name = os.tmpname()
	local dir, base = name:match("^(.*)/([^/]+)$")
	local f = assert(io.open(name .. ".lua", "w"))
	f:write("return { ... }")
	f:close()
	local old = package.path
	package.path = dir .. "/?.lua"
	local m = require(base)
	package.path = old
	os.remove(name .. ".lua")
	os.remove(name)
	eq(m[1], base)
	if newer then eq(m[2], name .. ".lua") end
end);

if old then
	test("environments", function()
		local env = {}
		local f = load("x = 1; return x")
		eq(setfenv(f, env) == f, true)
		eq(f(), 1)
		eq(env.x, 1)
		eq(getfenv(f) == env, true)
		eq(getfenv(1) == _G, true)
		eq(getfenv(print) == _G, true)
		eq(getfenv(0) == _G, true)
		local function inner() setfenv(2, setmetatable({ y = 7 }, { __index = _G })) end
		local function outer() inner() return y end
		eq(outer(), 7)
		fails(function() setfenv(print, {}) end, "'setfenv' cannot change environment of given object")
		fails(function() getfenv(-1) end, "level must be non-negative")
		fails(function() getfenv(100) end, "invalid level")
	end);
end

test("strict globals", function()
	local mt = getmetatable(_G)
	setmetatable(_G, {
		__index = function(_, k) error("undefined global " .. k, 2) end,
		__newindex = function(_, k) error("new global " .. k, 2) end,
	})
	local ok, e = pcall(function() return undefined_thing end)
	local ok2, e2 = pcall(function() undefined_thing = 1 end)
	setmetatable(_G, mt)
	eq(e:match("undefined global undefined_thing$") ~= nil, true)
	eq(e2:match("new global undefined_thing$") ~= nil, true)
end);

if newer then
	test("load with mode and environment", function()
		local env = { y = 3 }
		eq(_G.load("return y", "n", "t", env)(), 3)
		eq(_G.load("z = 1", "n", nil, env)(), nil)
		eq(env.z, 1)
		local f, e = _G.load("return 1", "n", "b")
		eq({ f, e }, { nil, "attempt to load a text chunk (mode is 'b')" })
		f, e = _G.load("\27Lua")
		eq(f, nil)
	end);
end
