-- The rest of the string library.
test("byte and sub", function()
	eq({ ("abc"):byte(1, -1) }, { 97, 98, 99 })
	eq(("abc"):byte(2, nil), 98)
	eq(("abc"):byte(), 97)
	eq(select("#", ("abc"):byte(10)), 0)
	eq({ ("abc"):sub(2), ("abc"):sub(-2, -2), ("abc"):sub(0), ("abc"):sub(3, 2), ("abc"):sub(-10, 10), ("abc"):sub(2, nil) },
		{ "bc", "b", "abc", "", "abc", "bc" })
	eq(string.char(), "")
	eq(string.char(72, 105), "Hi")
	fails(function() string.char(256) end, "bad argument #1 to 'char'")
end);

test("case is bytes only", function()
	eq(("\195\132bC\228\255"):lower(), "\195\132bc\228\255")
	eq(("\195\164bC\228\255"):upper(), "\195\164BC\228\255")
	eq(#("\255\254"):upper(), 2)
end);

test("rep, reverse, len", function()
	eq({ ("ab"):rep(3), ("ab"):rep(0), ("ab"):rep(-1), (""):rep(1e6) }, { "ababab", "", "", "" })
	eq(("abc"):reverse(), "cba")
	eq(("a\0b"):len(), 3)
	if newer then eq({ ("ab"):rep(3, ", "), ("ab"):rep(1, ","), (""):rep(3, "-") }, { "ab, ab, ab", "ab", "--" }) end
end);

test("numbers count as strings", function()
	eq(string.rep(12, 2), "1212")
	eq(string.len(123), 3)
	eq(string.format("%d", "10"), "10")
	eq(("%s"):format(5), "5")
	eq(string.sub(12345, "2", "3"), "23")
end);

test("format of integers", function()
	eq(("%d|%5d|%-5d|%05d|%+d|% d|%.3d"):format(42, 42, 42, 42, 42, 42, 42), "42|   42|42   |00042|+42| 42|042")
	eq(("%i"):format(-7), "-7")
	eq(("%x|%X|%#x|%o|%08x"):format(255, 255, 255, 8, 48879), "ff|FF|0xff|10|0000beef")
	eq(("%c%c"):format(72, 105), "Hi")
	eq(("%d"):format(3.0), "3")
	eq(("%d"):format(-0), "0")
	eq(("%x"):format(0xffffffff), "ffffffff")
	if old then
		eq(("%d"):format(3.7), "3")
		eq(("%u"):format(42), "42")
		eq(("%x"):format(-1), "ffffffffffffffff")
	end
end);

test("format of floats", function()
	eq(("%f|%.2f|%8.3f|%-8.1f|%+.1f|%.0f"):format(1.5, 2.345, 3.14159, 2.25, 1, 0.5), "1.500000|2.35|   3.142|2.2     |+1.0|0")
	eq(("%e|%.2E|%g|%g|%g|%g"):format(12345.678, 0.00012, 1e20, 0.1, 100000, 1000000), "1.234568e+04|1.20E-04|1e+20|0.1|100000|1e+06")
	eq(("%.14g|%.3g|%g"):format(0.1, 2 / 3, 1e-5), "0.1|0.667|1e-05")
	eq(("%f|%5.1f|%g|%05.1f"):format(1 / 0, -1 / 0, 1 / 0, 1 / 0), "inf| -inf|inf|  inf")
	eq(("%.3f"):format(2 ^ 53), "9007199254740992.000")
	eq(("%5.1f|%5s"):format(1 / 3, "ab"), "  0.3|   ab")
	if newer then eq(("%c|%a"):format(0, 1), "\0|0x1p+0") end
end);

test("format of strings", function()
	eq(("%s|%5s|%-5s|%.2s|%%"):format("abc", "ab", "ab", "abc"), "abc|   ab|ab   |ab|%")
	eq(("%q"):format('a"b\\c\nd\0e\rf'), newer and not ours and '"a\\"b\\\\c\\\nd\\0e\\13f"' or '"a\\"b\\\\c\\\nd\\000e\\rf"')
	if newer then
		eq(("%s %s %s"):format(nil, true, setmetatable({}, { __tostring = function() return "obj" end })), "nil true obj")
		eq(("%-6s|"):format(setmetatable({}, { __tostring = function() return "obj" end })), "obj   |")
	end
	fails(function() ("%d"):format("x") end, "number expected, got string")
	fails(function() ("%d"):format() end, "bad argument #1 to 'format'")
	fails(function() ("%y"):format(1) end, "'%y' to 'format'")
	fails(function() ("%"):format(1) end, "to 'format'")
	fails(function() ("%123d"):format(1) end)
end);

test("%q reads back", function()
	local s = {}
	for i = 0, 255 do s[#s + 1] = string.char(i) end
	s = table.concat(s)
	eq((loadstring or load)("return " .. ("%q"):format(s))() == s, true)
	eq((loadstring or load)("return " .. ("%q"):format("1\0002\r\n3"))(), "1\0002\r\n3")
end);

test("numbers as text", function()
	eq(tostring(10), "10")
	eq(tostring(-5), "-5")
	eq(tostring(0.1), "0.1")
	eq(tostring(1 / 3), "0.33333333333333")
	eq(tostring(1e15), "1e+15")
	eq(tostring(1e100), "1e+100")
	eq(tostring(2 ^ 63), newer and not ours and "9.2233720368548e+18" or "9.2233720368548e+18")
	eq(tostring(1 / 0), "inf")
	eq(tostring(-1 / 0), "-inf")
	eq(tostring(0 / 0):gsub("-", ""), "nan")
	eq(tostring(3.14159265358979), "3.1415926535898")
	eq(tostring(123456789012), "123456789012")
	if old then
		eq(tostring(1e14), "1e+14")
		eq(tostring(99999999999999), "99999999999999")
		eq(tostring(5.0), "5")
		eq(tostring(-0.0):gsub("-", ""), "0")
	end
end);

test("methods of strings", function()
	eq(("abc"):upper(), "ABC")
	eq(#"abc", 3)
	eq(getmetatable("").__index == string, true)
	fails(function() return ("x").y.z end, "attempt to index")
end);
