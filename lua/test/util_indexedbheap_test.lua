local t = require "test.harness";
local heap = require "util.indexedbheap";

local function drain(h)
	local order = {};
	local _, item = h:pop();
	while item do
		order[#order+1] = item;
		_, item = h:pop();
	end
	return table.concat(order);
end

t.case("order", function ()
	local h = heap.create();
	for priority, item in pairs { [5] = "e", [1] = "a", [3] = "c", [2] = "b", [4] = "d" } do h:insert(item, priority); end
	t.same(h:peek(), 1);
	t.same({ drain(h), h:pop() }, { "abcde" });
end);

t.case("remove and reprioritize", function ()
	local h, ids = heap.create(), {};
	for i = 1, 9 do ids[i] = h:insert(tostring(i), i); end
	t.same({ h:remove(ids[5]) }, { 5, "5", ids[5] });
	t.same(h:remove("none"), nil);
	h:reprioritize(ids[9], 0); h:reprioritize(ids[1], 7.5);
	t.same(drain(h), "92346718");
	t.same({ h:insert("x", 1, "own id"), h:remove("own id") }, { "own id", 1, "x", "own id" });
end);

return t.finish();
