local t = require "test.harness";
local cache = require "util.cache";

local function keys(c)
	local list = {};
	for k in c:items() do list[#list+1] = k; end
	return table.concat(list, " ");
end

t.case("newest first, oldest goes", function ()
	local c = cache.new(2);
	t.same({ c:set("a", 1), c:set("b", 2), c:count(), c:get("a"), keys(c) }, { true, true, 2, 1, "b a" });
	t.same({ c:set("c", 3), c:get("a"), keys(c), c.size }, { true, nil, "c b", 2 });
	t.same({ c:set("b", 4), keys(c), c:get("b") }, { true, "b c", 4 });
	t.same({ c:head() }, { "b", 4 });
	t.same({ c:tail() }, { "c", 3 });
	t.same({ c:set("b", nil), c:set("none", nil), c:count() }, { true, true, 1 });
	c:clear();
	t.same(t.pack(c:count(), c:head()), { n = 3, 0 });
	t.same({ c:set(1, "x"), c:set(true, "y"), c:get(1), c:get(true), c:get(nil) }, { true, true, "x", "y" });
end);

t.case("evicting", function ()
	local evicted = {};
	local c = cache.new(1, function (k, v)
		evicted[#evicted+1] = k..v;
		return k ~= "keep";
	end);
	t.same({ c:set("a", 1), c:set("keep", 2), c:set("b", 3), c:get("keep"), c:get("b") }, { true, true, false, 2 });
	t.same(evicted, { "a1", "keep2" });
	local never = cache.new(1, false);
	t.same({ never:set("a", 1), never:set("b", 2), never:get("a") }, { true, false, 1 });
end);

t.case("resize", function ()
	local c = cache.new(3);
	c:set("a", 1); c:set("b", 2); c:set("c", 3);
	t.same({ c:resize(2), keys(c), c.size }, { true, "c b", 2 });
	t.same({ c:resize(5), c.size }, { true, 5 });
	local never = cache.new(2, false);
	never:set("a", 1); never:set("b", 2);
	t.same({ never:resize(1), never:count(), never.size }, { false, 2, 2 });
	t.raises("greater than zero", c.resize, c, 0);
end);

t.case("iterators and table", function ()
	local c = cache.new(3);
	c:set("a", 1); c:set("b", 2);
	local sum = 0;
	for v in c:values() do sum = sum + v; end
	local tbl = c:table();
	tbl.c = 4;
	t.same({ sum, tbl.a, c:get("c"), tbl == c:table(), tbl.none }, { 3, 1, 4, true });
	local n = 0;
	for k, v in pairs(tbl) do n = n + v; t.same(c:get(k), v); end
	t.same(n, 7);
	local full = cache.new(1, false):table();
	full.a = 1;
	t.raises("full", function () full.b = 1; end);
end);

t.case("takes fields of others", function ()
	local c = cache.new(1);
	c.save = "mine";
	t.same({ c.save, c:get("save"), type(c) }, { "mine", nil, "table" });
end);

t.case("misuse", function ()
	t.raises("must be a number", cache.new, "x");
	t.raises("must be a number", cache.new);
	t.raises("greater than zero", cache.new, 0);
	t.same({ cache.new("2").size, cache.new(2.9).size }, { 2, 2 });
	t.raises("", cache.new(1).set, cache.new(1), nil, 1);
end);

return t.finish();
