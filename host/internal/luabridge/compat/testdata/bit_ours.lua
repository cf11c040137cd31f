test("bit32", function()
	eq({ bit32.band(0xff, 0x0f), bit32.bor(1, 2, 4), bit32.bxor(5, 1), bit32.bnot(0), bit32.band() }, { 15, 7, 4, 0xffffffff, 0xffffffff })
	eq({ bit32.lshift(1, 31), bit32.lshift(1, 32), bit32.rshift(0x80000000, 31), bit32.arshift(0x80000000, 31) }, { 0x80000000, 0, 1, 0xffffffff })
	eq({ bit32.lrotate(0x80000001, 1), bit32.rrotate(3, 1), bit32.extract(0xabcd, 4, 8), bit32.replace(0, 0xff, 4, 8) }, { 3, 0x80000001, 0xbc, 0xff0 })
	eq({ bit32.btest(1, 2), bit32.btest(3, 2), bit32.band(-1, 0xff), bit32.band(2 ^ 32 + 5) }, { false, true, 255, 5 })
	eq({ bit32.lshift(1, -1), bit32.rshift(1, -1) }, { 0, 2 })
	fails(function() bit32.extract(1, 30, 5) end, "trying to access non-existent bits")
end);

test("bit", function()
	eq({ bit.band(0xff, 0x0f), bit.bnot(0), bit.bor(0x80000000, 0), bit.tobit(0xffffffff) }, { 15, -1, -2147483648, -1 })
	eq({ bit.lshift(1, 31), bit.rshift(-1, 28), bit.arshift(-16, 2), bit.bswap(0x12345678) }, { -2147483648, 15, -4, 0x78563412 })
	eq({ bit.rol(0x12345678, 4), bit.ror(0x12345678, 4), bit.tohex(255), bit.tohex(255, -4), bit.tohex(-1, 2) }, { 0x23456781, -2128394905, "000000ff", "00FF", "ff" })
end);
