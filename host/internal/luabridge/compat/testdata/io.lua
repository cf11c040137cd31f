local name = os.tmpname()

local function put(text)
	local f = assert(io.open(name, "wb"))
	assert(f:write(text))
	assert(f:close())
end

test("reading", function()
	put("first\nsecond\r\n\n12 0x10 1e2\nlast")
	local f = assert(io.open(name))
	eq(f:read(), "first")
	eq(f:read("*l"), "second\r")
	eq(f:read("*l"), "")
	eq({ f:read("*n", "*n", "*n") }, { 12, 16, 100 })
	eq(f:read("*l"), "")
	eq(f:read(2), "la")
	eq(f:read(0), "")
	eq(f:read("*a"), "st")
	eq(f:read("*a"), "")
	eq(f:read("*l"), nil)
	eq(f:read(0), nil)
	eq(f:read(1), nil)
	eq(f:close(), true)
	fails(function() f:read() end, "attempt to use a closed file")
	eq(tostring(f), "file (closed)")
	eq(io.type(f), "closed file")
	eq(io.type(io.stdout), "file")
	eq(io.type(5), nil)
end);

test("lines", function()
	put("a\nb\nc")
	local t = {}
	for l in io.lines(name) do t[#t + 1] = l end
	eq(t, { "a", "b", "c" })
	local f = io.open(name)
	for l in f:lines() do t[#t + 1] = l end
	eq(#t, 6)
	f:close()
	fails(function() io.lines(name .. "missing") end, "No such file or directory")
	if newer then
		t = {}
		for c in io.lines(name, 1) do t[#t + 1] = c end
		eq(t, { "a", "\n", "b", "\n", "c" })
		for l in io.lines(name, "L") do t[#t + 1] = l end
		eq({ t[6], t[8] }, { "a\n", "c" })
	end
end);

test("writing and seeking", function()
	local f = assert(io.open(name, "w+"))
	f:write("hello", " ", 42, "\n")
	eq(f:seek("set", 0), 0)
	eq(f:read("*a"), "hello 42\n")
	eq(f:seek("end"), 9)
	eq(f:seek("set", 6), 6)
	f:write("XY")
	eq(f:seek("cur"), 8)
	f:seek("set")
	eq(f:read(3), "hel")
	eq(f:seek("cur", 1), 4)
	eq(f:read(1), "o")
	f:seek("cur", 0)
	f:write("_")
	f:seek("set")
	eq(f:read("*l"), "hello_XY")
	eq(f:flush() ~= nil, true)
	eq(f:setvbuf("full"), true)
	f:close()
	f = io.open(name, "a")
	f:write("more")
	f:close()
	f = io.open(name, "r+")
	eq(f:read("*a"), "hello_XY\nmore")
	f:close()
end);

test("errors have numbers", function()
	eq({ io.open(name .. "/missing") }, { nil, name .. "/missing: Not a directory", 20 })
	eq({ io.open(name .. "missing", "r") }, { nil, name .. "missing: No such file or directory", 2 })
	eq({ io.open("/", "w") }, { nil, "/: Is a directory", 21 })
	if newer then fails(function() io.open(name, "nonsense") end, "invalid mode") end
	eq(io.open(name .. "missing", nil), nil)
end);

test("input and output", function()
	put("line one\nline two\n")
	local old = io.input()
	io.input(name)
	eq(io.read(), "line one")
	eq(io.read("*a"), "line two\n")
	io.close(io.input())
	io.input(old)
	local out = io.output()
	io.output(name)
	io.write("written ", 5)
	io.close()
	io.output(out)
	local f = io.open(name)
	eq(f:read("*a"), "written 5")
	f:close()
	local tmp = io.tmpfile()
	tmp:write("x")
	tmp:seek("set")
	eq(tmp:read("*a"), "x")
	tmp:close()
end);

if newer then
	test("formats without asterisk", function()
		put("7\nabc")
		local f = io.open(name)
		eq({ f:read("n", "l", "a") }, { 7, "", "abc" })
		f:close()
	end);
end

os.remove(name)
