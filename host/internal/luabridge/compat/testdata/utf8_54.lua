test("char and codepoint", function()
	eq(utf8.char(72, 228, 8364, 128512), "H\195\164\226\130\172\240\159\152\128")
	eq({ utf8.codepoint("H\195\164", 1, -1) }, { 72, 228 })
	eq(utf8.codepoint("\226\130\172"), 8364)
	fails(function() utf8.codepoint("\255") end, "invalid UTF-8 code")
	fails(function() utf8.codepoint("abc", 1, 4) end, "out of bounds")
	eq(utf8.char(), "")
end);

test("len", function()
	eq({ utf8.len("H\195\164\226\130\172"), utf8.len("") }, { 3, 0 })
	eq({ utf8.len("ab\255c") }, { nil, 3 })
	eq({ utf8.len("\237\160\128") }, { nil, 1 })
	eq(utf8.len("\237\160\128", 1, -1, true), 1)
	eq(utf8.len("abc", 2), 2)
	eq(utf8.len("abc", 4), 0)
	fails(function() utf8.len("abc", 5) end, "initial position out of bounds")
	eq({ utf8.len("\192\128") }, { nil, 1 })
	eq({ utf8.len("\244\144\128\128") }, { nil, 1 })
end);

test("codes", function()
	local t = {}
	for p, c in utf8.codes("a\195\164b") do t[#t + 1] = p .. ":" .. c end
	eq(t, { "1:97", "2:228", "4:98" })
	fails(function() for _ in utf8.codes("a\255") do end end, "invalid UTF-8 code")
end);

test("offset and charpattern", function()
	local s = "a\195\164b"
	eq({ utf8.offset(s, 1), utf8.offset(s, 2), utf8.offset(s, 3), utf8.offset(s, 4), utf8.offset(s, 5) }, { 1, 2, 4, 5 })
	eq({ utf8.offset(s, -1), utf8.offset(s, -2), utf8.offset(s, -3) }, { 4, 2, 1 })
	eq(utf8.offset(s, 0, 3), 2)
	local n = 0
	for c in s:gmatch(utf8.charpattern) do n = n + 1 end
	eq(n, 3)
	fails(function() utf8.offset(s, 1, 3) end, "initial position is a continuation byte")
end);
