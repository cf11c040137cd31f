local t = require "test.harness";
local smqueue = require "util.smqueue";

t.case("acknowledging", function ()
	local q = smqueue.new(10);
	for i = 1, 5 do q:push(i); end
	t.same(q:ack(3), { 1, 2, 3 });
	t.same({ q:count_unacked(), q:count_acked(), q:resumable() }, { 2, 3, true });
	t.same({ q:ack(2) }, { nil, "tail" });
	t.same({ q:ack(9) }, { nil, "head" });
	t.same(q:table(), { 4, 5 });
end);

t.case("overflow", function ()
	local q = smqueue.new(2);
	for i = 1, 3 do q:push(i); end
	t.same({ q:count_unacked(), q:resumable() }, { 3, false });
	t.same(q:table(), { 2, 3 });
	t.same({ #q:ack(1), q:resumable() }, { 0, true });
end);

return t.finish();
