local t = require "test.harness";
local bit = require "util.bitcompat";

t.case("operations", function ()
	t.same({ bit.band(12, 10), bit.bor(12, 10), bit.bxor(12, 10) }, { 8, 14, 6 });
	t.same({ bit.band(15, 7, 3), bit.bor(1, 2, 4), bit.bxor(1, 1, 1) }, { 3, 7, 1 });
	t.same({ bit.lshift(1, 4), bit.rshift(0xff, 4), bit.rshift(0xffffffff, 31) }, { 16, 15, 1 });
	t.same({ bit.band(0xdeadbeef, 0xffff0000), bit.bxor(0xffffffff, 0xf) }, { 0xdead0000, 0xfffffff0 });
end);

return t.finish();
