-- Syntax of Lua 5.2 and later that the source filter knows. Line numbers matter in this file.
test("escapes", function()
	eq("\x41\x62", "Ab")
	eq("\u{48}\u{20AC}\u{1F600}", "H\226\130\172\240\159\152\128")
	eq("a\z
	    b\
c", "ab\nc")
	eq(debug.getinfo(1, "l").currentline, 8)
	eq("\x22\"'", "\"\"'")
	eq('\x27', "'")
	eq("\\x41", "\\" .. "x41")
	eq([[\x41]], "\\" .. "x41") -- "\x41" stays as it is in long strings and comments "\z
	eq([==[\z]]]==], "\\z]]")
	--[[ "\x
	]] eq("\x31" .. "2", "12")
	eq("\x312", "12")
	eq(#"\u{7FFFFFFF}", 6)
end);

test("goto", function()
	local n = 0
	for i = 1, 3 do
		if i == 2 then goto continue end
		n = n + i
		::continue::
	end
	eq(n, 4)
end);

test("goto leaves the variables outside alone", function()
	local n, fs = 0, {}
	local function bump() n = n + 1 end
	local i = 0
	::again::
	i = i + 1
	local v = i
	fs[i] = function() v = v + 10 return v end
	if i < 3 then goto again end
	bump()
	n = n + 1
	eq(n, 2)
	eq({ fs[1](), fs[1](), fs[2](), fs[3](), v }, { 11, 21, 12, 13, 13 })
	for j = 1, 3 do
		local w = j
		fs[j] = function() w = w + 1 return w end
		if j == 2 then goto continue end
		n = n + 1
		bump()
		::continue::
	end
	eq({ n, fs[1](), fs[2](), fs[2](), fs[3]() }, { 6, 2, 3, 4, 4 })
end);
