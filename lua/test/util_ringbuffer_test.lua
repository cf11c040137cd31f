local t = require "test.harness";
local ringbuffer = require "util.ringbuffer";

t.case("a full round", function ()
	local r = ringbuffer.new(8);
	t.same({ r:write("abcdef"), r:write("xyz"), r:length(), r:free(), r:size() }, { 6, nil, 6, 2, 8 });
	t.same({ r:read(2), r:read(3, true), r:find("de"), r:sub(2), r:byte() }, { "ab", "cde", 3, "def", 99 });
	t.same({ r:readuntil("d"), r:readuntil("x"), r:discard(1), r:discard(2), r:read(1) }, { "cd", nil, true, false, "f" });
end);

return t.finish();
