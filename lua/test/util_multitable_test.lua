local t = require "test.harness";
local multitable = require "util.multitable";

t.case("set and get", function ()
	local m = multitable.new();
	m:set("a", "b", 1); m:set("a", "c", 2); m:set("top", 3);
	t.same({ m:get("a", "b"), m:get("top"), m:get("a", "x") == nil, m:get("no", "x") == nil }, { 1, 3, true, true });
	t.same(m.data, { a = { b = 1, c = 2 }, top = 3 });
end);

t.case("remove prunes", function ()
	local m = multitable.new();
	m:set("a", "b", "c", 1); m:set("a", "x", "c", 2); m:set("z", "x", "c", 3);
	m:remove("a", "b", "c");
	t.same(m.data, { a = { x = { c = 2 } }, z = { x = { c = 3 } } });
	m:remove(nil, "x", "c");
	t.same(m.data, {});
end);

t.case("search with wildcards", function ()
	local m = multitable.new();
	m:set("a", "k", 1); m:set("b", "k", 2); m:set("b", "other", 3);
	local found = m:search(nil, "k");
	table.sort(found);
	t.same(found, { 1, 2 });
	t.same(m:search_add({ 0 }, "b", "other"), { 0, 3 });
	t.same(m:search("none", "k"), {});
end);

t.case("add", function ()
	local m = multitable.new();
	m:add("list", 1); m:add("list", 2);
	t.same(m:get("list"), { 1, 2 });
end);

t.case("iter", function ()
	local m, seen = multitable.new(), {};
	m:set("a", "x", 1); m:set("a", "y", 2); m:set("b", "x", 3);
	for k1, k2, v in m:iter(nil, "x") do seen[k1..k2] = v; end
	t.same(seen, { ax = 1, bx = 3 });
	seen = {};
	for k1, sub in m:iter("b") do seen[k1] = sub; end
	t.same(seen, { b = { x = 3 } });
end);

return t.finish();
