-- string.find, match, gmatch and gsub.
test("match without a match is nil", function()
	eq(select("#", ("abc"):match("x")), 1)
	eq(tostring(("abc"):match("x")), "nil")
	eq(("abc"):match("b"), "b")
	eq({ ("k = v"):match("^(%w+)%s*=%s*(%w+)$") }, { "k", "v" })
	eq({ ("abc"):match("()b()") }, { 2, 3 })
	eq(("abc"):match("", 4), "")
	eq(("hello"):match("l+", -3), "ll")
end);

test("find", function()
	eq({ ("a.b"):find(".", 1, true) }, { 2, 2 })
	eq({ ("a.b"):find("%.") }, { 2, 2 })
	eq({ ("abc"):find("(b)(c)") }, { 2, 3, "b", "c" })
	eq(("abc"):find("x", 1, true), nil)
	eq(("abc"):find("a", 10, true), nil)
	eq(("abc"):find("a", 10), nil)
	eq({ ("abc"):find("") }, { 1, 0 })
	eq({ ("abc"):find("", 4) }, { 4, 3 })
	eq({ ("abc"):find("c", -1) }, { 3, 3 })
	eq({ ("a+b"):find("+", 1, true) }, { 2, 2 })
	eq({ ("abc"):find("b", nil, true) }, { 2, 2 })
	eq({ ("123"):find(2) }, { 2, 2 })
end);

test("classes", function()
	local all = {}
	for i = 0, 255 do all[i + 1] = string.char(i) end
	all = table.concat(all)
	local function count(class) return select(2, all:gsub(class, "")) end
	eq({ count("%a"), count("%c"), count("%d"), count("%l"), count("%p"), count("%s"), count("%u"), count("%w"), count("%x") },
		{ 52, 33, 10, 26, 32, 6, 26, 62, 22 })
	eq({ count("%A"), count("%W"), count("."), count("[%a_]"), count("[^%a_]"), count("[a-f%d]"), count("[]]"), count("[^]]") },
		{ 204, 194, 256, 53, 203, 16, 1, 255 })
	eq({ count("[a-]"), count("[%-a]"), count("%%"), count("[%]]"), count("%z") }, { 2, 2, 1, 1, 1 })
	if newer then eq(count("%g"), 94) end
	eq(("THE (quick) fox"):find("%((%a+)%)"), 5)
end);

test("frontier and balance", function()
	eq(("THE (quick) fox"):gsub("%f[%a]%a+", "X"), "X (X) X")
	eq(("THE (quick) fox"):match("%f[%a]%a+%f[%z]"), "fox")
	eq(("aa bb"):gsub("%f[%w]%w+%f[%W]", string.upper), "AA BB")
	eq(("x(a(b)c)y"):match("%b()"), "(a(b)c)")
	eq(("x(a(b"):match("%b()"), nil)
	eq(("[[x]]"):gsub("%[%[(%w+)%]%]", "%1"), "x")
end);

test("backreference and repetition", function()
	eq({ ([["it's"]]):match([[(["'])(.-)%1]]) }, { '"', "it's" })
	eq(("aaab"):match("a-b"), "aaab")
	eq(("aaab"):match("a*"), "aaa")
	eq(("aaab"):match("^a?"), "a")
	eq(("xaaab"):match("^a+"), nil)
	eq(("a$b"):match("a$b"), "a$b")
	eq(("ab"):match("b$"), "b")
	eq(("a\0b"):match("a%zb") ~= nil, true)
	eq(("key=value"):match("^(.-)=(.*)$"), "key")
end);

test("gmatch", function()
	local t = {}
	for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do t[k] = v end
	eq(t, { a = "1", b = "2" })
	t = {}
	for w in ("one two  three"):gmatch("%a+") do t[#t + 1] = w end
	eq(t, { "one", "two", "three" })
	t = {}
	for p in ("abc"):gmatch("()") do t[#t + 1] = p end
	eq(t, { 1, 2, 3, 4 })
	for _ in ("^a"):gmatch("^a") do t.literal = true end
	if old then eq(t.literal, true) end
end);

test("gsub", function()
	eq({ ("hello"):gsub("l", "L") }, { "heLLo", 2 })
	eq({ ("hello"):gsub("l", "L", 1) }, { "heLlo", 1 })
	eq({ ("hello"):gsub("l", "L", 0) }, { "hello", 0 })
	eq({ ("hello"):gsub("", "-") }, { "-h-e-l-l-o-", 6 })
	eq({ ("hello"):gsub("l", 1) }, { "he11o", 2 })
	eq({ ("hello world"):gsub("(%w+) (%w+)", "%2 %1") }, { "world hello", 1 })
	eq({ ("hello"):gsub("l", "%0%0") }, { "hellllo", 2 })
	eq({ ("a%b"):gsub("%%", "%%%%") }, { "a%%b", 1 })
	eq({ ("abc"):gsub("%w", { a = "1", b = true and "2", c = false }) }, { "12c", 3 })
	eq({ ("abc"):gsub("%w", function(c) if c == "b" then return 5 end end) }, { "a5c", 3 })
	eq({ ("abc"):gsub("^a", "x") }, { "xbc", 1 })
	eq({ ("aaa"):gsub("^a", "x") }, { "xaa", 1 })
	eq({ ("abc"):gsub("(a)(b)(c)", "%3%2%1") }, { "cba", 1 })
	eq({ ("x"):gsub("x", "%1") }, { "x", 1 })
	eq(("abc"):gsub("%w", setmetatable({}, { __index = function(_, k) return k .. k end })), "aabbcc")
	eq(("  trim  "):gsub("^%s+", ""):gsub("%s+$", ""), "trim")
	fails(function() ("abc"):gsub("%w", function() return {} end) end, "invalid replacement value (a table)")
	fails(function() ("abc"):gsub("%w", true) end, "string/function/table expected")
	fails(function() ("abc"):match("(a") end, "unfinished capture")
	fails(function() ("abc"):gsub("a", "%2") end, "invalid capture index")
end);

test("malformed patterns", function()
	fails(function() ("a"):find("[a") end, "malformed pattern (missing ']')")
	fails(function() ("a"):find("%") end, "malformed pattern (ends with '%')")
	fails(function() ("a"):match("a)") end, "invalid pattern capture")
	fails(function() ("a"):find("(a)%2") end, "invalid capture index")
	fails(function() ("a"):rep(50):find(("(a)"):rep(40)) end)
end);

test("long subjects", function()
	local s = ("x"):rep(100000)
	eq(#s:match(".*"), 100000)
	eq(#s:match(".-$"), 100000)
	eq(select(2, s:gsub("x", "yy")), 100000)
	eq(#s:match("^(x*)$"), 100000)
end);
