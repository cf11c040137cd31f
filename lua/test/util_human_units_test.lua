local t = require "test.harness";
local format = require "util.human.units".format;

t.case("prefixes", function ()
	t.same({ format(0, "m"), format(1, "m"), format(999, "m"), format(1000, "m"), format(1500, "m") }, { "0 m", "1 m", "999 m", "1 km", "1.5 km" });
	t.same({ format(0.5, "s"), format(0.001, "s"), format(0.00002, "s") }, { "500 ms", "1 ms", "20 \206\188s" });
	t.same({ format(1024, "B", "b"), format(1048576 * 3, "B", "b"), format(512, "B", "b") }, { "1 KiB", "3 MiB", "512 B" });
end);

return t.finish();
