local t = require "test.harness";
local set = require "util.set";

local function sorted(s)
	local list = {};
	for item in s do list[#list+1] = item; end
	table.sort(list);
	return list;
end

t.case("members", function ()
	local s = set.new { "a", "b" };
	s:add("c"); s:remove("a");
	t.same(sorted(s), { "b", "c" });
	t.same({ s:contains("b"), s:contains("a") == nil }, { true, true });
	t.same({ s:empty(), set.new():empty() }, { false, true });
end);

t.case("iteration", function ()
	local s, n = set.new { 1, 2, 3 }, 0;
	for item in s:items() do n = n + item; end
	for item in s._items do n = n + item; end
	for item in pairs(s._items) do n = n + item; end
	t.same(n, 18);
end);

t.case("algebra", function ()
	local a, b = set.new { 1, 2, 3 }, set.new { 3, 4 };
	t.same(sorted(a + b), { 1, 2, 3, 4 });
	t.same(sorted(a - b), { 1, 2 });
	t.same(sorted(set.intersection(a, b)), { 3 });
	t.same(sorted(set.xor(a, b)), { 1, 2, 4 });
	t.same(sorted(a), { 1, 2, 3 });
	t.same(sorted(a / function (n) return n > 1 and n * 10 or nil; end), { 20, 30 });
end);

t.case("bulk", function ()
	local s = set.new { 1 };
	s:include(set.new { 2, 3 }); s:exclude(set.new { 1 }); s:add_list { 4 }; s:add_list(nil);
	t.same(sorted(s), { 2, 3, 4 });
	t.same({ s:contains_set(set.new { 2, 4 }), s:contains_set(set.new { 9 }) }, { true, false });
end);

t.case("comparison", function ()
	t.same(set.new { 1, 2 } == set.new { 2, 1 }, true);
	t.same(set.new { 1 } == set.new { 1, 2 }, false);
	t.same(set.new {} == setmetatable({}, {}), false);
	t.same({ set.is_set(set.new()), set.is_set({}), set.is_set("x"), set.is_set(nil) }, { true, false, false, false });
	t.same(tostring(set.new { "only" }), "only");
end);

return t.finish();
