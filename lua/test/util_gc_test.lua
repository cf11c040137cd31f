local t = require "test.harness";
local configure = require "util.gc".configure;

t.case("settings", function ()
	t.same(configure({ mode = "incremental" }, {}), true);
	t.same(configure({ mode = "none" }, {}), nil);
	t.same(configure({ threshold = "x" }, {}), nil);
end);

return t.finish();
