local t = require "test.harness";
local colours = require "util.termcolours";

t.case("styles", function ()
	t.same(colours.getstyle("bold", "red"), "1;31");
	t.same(colours.getstyle("ff0000", "00ff00 background"), "38;5;196;48;5;46");
	t.same(colours.getstring(colours.getstyle("red"), "x"), "\27[31mx\27[0m");
	t.same(colours.getstring(nil, "x"), "x");
	t.same((colours.tohtml("\27[1mx\27[0m")):find("bold") ~= nil, true);
end);

return t.finish();
