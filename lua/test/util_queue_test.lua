local t = require "test.harness";
local queue = require "util.queue";

local function items(q)
	local list = {};
	for i, item in q:items() do list[i] = item; end
	return list;
end

t.case("first in, first out", function ()
	local q = queue.new(3);
	for i = 1, 3 do t.same(q:push(i), true); end
	t.same(t.pack(q:push(4)), { n = 2, nil, "queue full" });
	t.same({ q:pop(), q:peek(), q:count() }, { 1, 2, 2 });
	q:push(4);
	t.same(items(q), { 2, 3, 4 });
	t.same({ q:pop(), q:pop(), q:pop(), q:pop() == nil, q:peek() == nil }, { 2, 3, 4, true, true });
end);

t.case("wrapping drops the oldest", function ()
	local q = queue.new(2, true);
	for i = 1, 5 do q:push(i); end
	t.same({ items(q), q.size, q:count() }, { { 4, 5 }, 2, 2 });
end);

t.case("replace and consume", function ()
	local q, seen = queue.new(2), {};
	q:replace("a"); q:replace("b"); q:push("c");
	for item in q:consume() do seen[#seen+1] = item; end
	t.same({ seen, q:count() }, { { "b", "c" }, 0 });
end);

return t.finish();
