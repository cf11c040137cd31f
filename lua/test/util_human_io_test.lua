local t = require "test.harness";
local human = require "util.human.io";

t.case("padding and cutting", function ()
	t.same({ human.padleft("a", 3), human.padright("\195\188", 3) }, { "  a", "\195\188  " });
	t.same({ human.ellipsis("abcdef", 4), human.ellipsis("abc", 3), human.ellipsis("\195\188\195\188\195\188", 2) },
		{ "abc\226\128\166", "abc", "\195\188\226\128\166" });
end);

t.case("parts of a table's width", function ()
	local row = human.table({ { title = "A", width = "1p" }, { title = "B", width = 4 }, { title = "C", width = "3p" } }, 30);
	t.same(row({ "a", "b", "c" }), "a     | b    | c"..(" "):rep(14));
end);

t.case("table", function ()
	local row = human.table({
		{ title = "Name", key = "name", width = 8 }, { title = "N", key = "n", width = 4, align = "right" }, { title = "Rest", key = "r", width = "100%" };
	}, 30);
	t.same(row(), "Name     |    N | Rest        ");
	t.same(row { name = "Romeo Montague", n = 5 }, "Romeo M\226\128\166 |    5 |             ");
	t.same(#row { name = "x", n = 1, r = "y" }, 30);
end);

if human.parse_duration then -- 13
	t.case("durations", function ()
		t.same({ human.parse_duration("90s"), human.parse_duration("2 weeks"), human.parse_duration("1d"), human.parse_duration("1.5 h") },
			{ 90, 1209600, 86400, 5400 });
		t.same({ human.parse_duration("1 month"), human.parse_duration("3 minutes"), human.parse_duration("1 y") }, { 31 * 86400, 180, 31556952 });
		t.same({ human.parse_duration("soon"), human.parse_duration("5m"), human.parse_duration("5 parsecs") }, {});
		t.same(human.parse_duration_lax("5m"), 300);
	end);
end

return t.finish();
