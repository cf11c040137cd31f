local t = require "test.harness";
local array = require "util.array";

local function double(n) return n * 2; end
local function odd(n) return n % 2 == 1; end

t.case("construction", function ()
	local list = { 1, 2 };
	t.same(array(list) == list, true);
	t.same(#array(), 0);
	t.same(array(pairs({ a = 1 })), { "a" });
	t.same(array.collect(ipairs { "x", "y" }), { 1, 2 });
end);

t.case("a method changes, a function copies", function ()
	local a = array { 1, 2, 3 };
	t.same(array.map(a, double), { 2, 4, 6 });
	t.same(a, { 1, 2, 3 });
	t.same(a:map(double) == a, true);
	t.same(a, { 2, 4, 6 });
end);

t.case("filter, unique, pluck, sort", function ()
	t.same(array { 1, 2, 3, 4, 5 }:filter(odd), { 1, 3, 5 });
	t.same(array.filter({ 2, 4 }, odd), {});
	t.same(array { 1, 2, 1, 3, 2 }:unique(), { 1, 2, 3 });
	t.same(array { { k = 1 }, { k = false }, {} }:pluck("k", 9), { 1, false, 9 });
	t.same(array.sort({ 3, 1, 2 }), { 1, 2, 3 });
	t.same(array { 3, 1, 2 }:sort(function (a, b) return a > b; end), { 3, 2, 1 });
end);

t.case("reverse", function ()
	for _, want in ipairs { {}, { 1 }, { 2, 1 }, { 3, 2, 1 } } do
		local from = array();
		for i = #want, 1, -1 do from:push(want[i]); end
		t.same(array.reverse(from), want);
		t.same(from:reverse(), want);
	end
end);

t.case("slice", function ()
	local a = array { 1, 2, 3, 4, 5 };
	t.same(array.slice(a, 2, 4), { 2, 3, 4 });
	t.same(array.slice(a, -2), { 4, 5 });
	t.same(array.slice(a, 4, 2), {});
	t.same(array.slice(a, -10, 1), { 1 });
	t.same(array.slice(a, 3, 10), { 3, 4, 5 });
	t.same(a:slice(2, 3), { 2, 3 });
end);

t.case("push, pop, append, concat", function ()
	local a = array():push(1):push(2):append { 3, 4 };
	t.same({ a:pop(), a:length(), a:concat("-") }, { 4, 3, "1-2-3" });
	t.same(tostring(a), "{1, 2, 3}");
	t.same(a + { 9 }, { 1, 2, 3, 9 });
	t.same(a / function (n) return n ~= 2 and n or nil; end, { 1, 3 });
end);

t.case("equality", function ()
	t.same(array { 1, 2 } == array { 1, 2 }, true);
	t.same(array { 1, 2 } == array { 1 }, false);
	t.same(array { 1 } == setmetatable({ 1 }, {}), false);
end);

t.case("chance", function ()
	local a = array { 1, 2, 3, 4, 5 };
	for _ = 1, 50 do
		t.same(a:random_other(2) ~= 2, true);
		t.same(a:random() <= 5, true);
	end
	t.same(a:shuffle():sort(), { 1, 2, 3, 4, 5 });
end);

return t.finish();
