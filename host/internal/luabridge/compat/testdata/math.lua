test("constants", function()
	eq(math.huge, 1 / 0)
	eq(math.huge > 1.7976931348623157e308, true)
	eq(-math.huge < math.huge, true)
	eq(math.pi > 3.14159 and math.pi < 3.1416, true)
end);

test("functions", function()
	eq({ math.floor(2.7), math.floor(-2.7), math.ceil(2.1), math.abs(-3), math.max(1, 5, 3), math.min(4, 2, 8) }, { 2, -3, 3, 3, 5, 2 })
	eq({ math.sqrt(16), math.exp(0), math.log(1), math.fmod(7, 3), math.fmod(-7, 3) }, { 4, 1, 0, 1, -1 })
	eq({ math.modf(3.7) }, { 3, 3.7 - 3 })
	eq({ math.modf(-3.5) }, { -3, -0.5 })
	eq({ math.modf(math.huge) }, { math.huge, 0 })
	eq({ math.sin(0), math.cos(0), math.tan(0), math.asin(0), math.atan(0), math.deg(math.pi), math.rad(180) == math.pi }, { 0, 1, 0, 0, 0, 180, true })
	eq({ 7 % 3, -7 % 3, 7 % -3, 5.5 % 2, 2 ^ 10, 7 / 2 }, { 1, 2, -2, 1.5, 1024, 3.5 })
	eq(math.floor("3.7"), 3)
	if old then
		eq({ math.pow(2, 3), math.log10(1000), math.ldexp(1, 4), math.atan2(0, 1), math.cosh(0) }, { 8, 3, 16, 0, 1 })
		eq({ math.frexp(8) }, { 0.5, 4 })
	end
	fails(function() math.floor({}) end, "bad argument #1 to 'floor' (number expected, got table)")
	fails(function() math.max() end, "bad argument #1 to 'max'")
end);

test("random", function()
	for i = 1, 200 do
		local r = math.random()
		eq(r >= 0 and r < 1, true)
		r = math.random(6)
		eq(r >= 1 and r <= 6 and r % 1 == 0, true)
		r = math.random(-3, 3)
		eq(r >= -3 and r <= 3 and r % 1 == 0, true)
	end
	math.randomseed(42)
	local a = { math.random(1000), math.random(1000) }
	math.randomseed(42)
	eq({ math.random(1000), math.random(1000) }, a)
	fails(function() math.random(2, 1) end, "interval is empty")
	if old then fails(function() math.random(0) end, "interval is empty") end
end);

if newer then
	test("integers", function()
		eq({ math.type(1), math.type(1.5), math.type("1") }, { "integer", "float" })
		eq({ math.tointeger(3.0), math.tointeger(3.5), math.tointeger({}) }, { 3 })
		eq({ math.log(8, 2), math.log(100, 10) }, { 3, 2 })
		eq(math.maxinteger > 9e18 and math.mininteger < -9e18, true)
		eq(math.ult(1, -1), true)
		eq(math.ult(2, 1), false)
	end);
end
