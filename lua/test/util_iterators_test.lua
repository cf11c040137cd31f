local t = require "test.harness";
local it = require "util.iterators";

local abc = { "a", "b", "c" };

t.case("keys and values", function ()
	t.same(it.to_array(it.keys { x = 1 }), { "x" });
	t.same(it.to_array(it.values { x = 7 }), { 7 });
	t.same(it.count(pairs { 1, 2, x = 3 }), 3);
	t.same(it.to_table(ipairs(abc)), abc);
end);

t.case("select", function ()
	t.same(it.to_array(it.select(2, ipairs(abc))), abc);
end);

t.case("head, skip, tail, reverse", function ()
	t.same(it.to_array(it.head(2, ipairs(abc))), { 1, 2 });
	t.same(it.to_table(it.skip(1, ipairs(abc))), { [2] = "b", [3] = "c" });
	t.same(it.to_table(it.tail(2, ipairs(abc))), { [2] = "b", [3] = "c" });
	t.same(it.to_array(it.tail(9, ipairs(abc))), { 1, 2, 3 });
	t.same(it.to_array(it.reverse(ipairs(abc))), { 3, 2, 1 });
end);

t.case("range and ripairs", function ()
	t.same(it.to_array(it.range(3)), { 1, 2, 3 });
	t.same(it.to_array(it.range(2, 4)), { 2, 3, 4 });
	t.same(it.to_array(it.range(3, 2)), {});
	local seen = {};
	for i, v in it.ripairs(abc) do seen[#seen+1] = i..v; end
	t.same(seen, { "3c", "2b", "1a" });
end);

t.case("filter and unique", function ()
	t.same(it.to_array(it.filter(function (i, v) return v ~= "b" and i; end, ipairs(abc))), { 1, 3 });
	t.same(it.to_array(it.filter(2, ipairs(abc))), { 1, 3 });
	t.same(it.to_array(it.unique(("abcab"):gmatch("."))), abc);
end);

t.case("sorted_pairs", function ()
	local order = {};
	for k, v in it.sorted_pairs { b = 2, a = 1 } do order[#order+1] = k..v; end
	t.same(order, { "a1", "b2" });
	t.same(it.to_array(it.sorted_pairs({ 1, 2 }, function (a, b) return a > b; end)), { 2, 1 });
end);

t.case("join", function ()
	t.same(it.to_array(it.join(ipairs(abc)):append(it.range(7, 8)):prepend(it.range(0, 0))), { 0, 1, 2, 3, 7, 8 });
end);

return t.finish();
