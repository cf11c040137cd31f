test("date", function()
	local t = 1700000000 -- Tue Nov 14 22:13:20 2023 UTC
	eq(os.date("!%a %A %b %B %d %e %H %I %j %m %M %p %S %w %y %Y %%", t), "Tue Tuesday Nov November 14 14 22 10 318 11 13 PM 20 2 23 2023 %")
	eq(os.date("!%c|%x|%X|%D|%F|%T|%R|%r|%h", t), "Tue Nov 14 22:13:20 2023|11/14/23|22:13:20|11/14/23|2023-11-14|22:13:20|22:13|10:13:20 PM|Nov")
	eq(os.date("!%U %W %V %G %g %u %C", t), "46 46 46 2023 23 2 20")
	eq(os.date("!%n%t", 0), "\n\t")
	eq(os.date("!%e|%U|%W|%V|%G|%j|%I|%u", 0), " 1|00|00|01|1970|001|12|4")
	eq(os.date("!%G-W%V-%u", 1104537600), "2004-W53-6")
	eq(os.date("!", t), "")
	eq(os.date("!plain text", t), "plain text")
	eq(os.date("!*t", t), { year = 2023, month = 11, day = 14, hour = 22, min = 13, sec = 20, wday = 3, yday = 318, isdst = false })
	eq(os.date("!*t", 0).yday, 1)
	eq(type(os.date()), "string")
	eq(os.date("%Y", nil), os.date("%Y"))
	eq(os.date(nil, nil) == nil, false)
	eq(os.date("*t").year >= 2023, true)
	fails(function() os.date("%Y", "x") end, "number expected, got string")
end);

test("time", function()
	eq(os.time({ year = 2023, month = 11, day = 14, hour = 22, min = 13, sec = 20 }) - os.time({ year = 2023, month = 11, day = 14, hour = 0 }), 80000)
	eq(os.time({ year = 2024, month = 1, day = 1 }) - os.time({ year = 2023, month = 13, day = 1, hour = 12 }), 0)
	eq(os.time({ year = 2023, month = 1, day = 31 + 28 + 1 }) - os.time({ year = 2023, month = 3, day = 1 }), 0)
	eq(os.time({ year = "2023", month = "1", day = "2" }), os.time({ year = 2023, month = 1, day = 2 }))
	local now = os.date("*t", 1700000000)
	eq(os.time(now), 1700000000)
	fails(function() os.time({ year = 2023, month = 1 }) end, "field 'day' missing in date table")
	eq(os.difftime(5, 3), 2)
	eq(math.abs(os.time() - os.time(os.date("*t"))) <= 1, true)
	eq(os.clock() >= 0, true)
end);

test("files", function()
	local name = os.tmpname()
	eq({ os.rename(name, name .. "x") }, { true })
	eq({ os.remove(name .. "x") }, { true })
	eq({ os.remove(name) }, { nil, name .. ": No such file or directory", 2 })
	eq(select(3, os.rename(name, name .. "y")), 2)
	if old then eq(select(2, os.rename(name, name .. "y")), name .. ": No such file or directory") end
	eq(os.getenv("NO_SUCH_VARIABLE_HERE"), nil)
	eq(type(os.getenv("PATH")), "string")
	eq(os.setlocale(nil), "C")
end);

if ours then
	test("what is not for modules", function()
		eq({ os.exit, os.execute, os.setenv, io.popen, newproxy, _printregs, string.dump }, {})
	end);
end
