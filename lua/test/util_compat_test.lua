local t = require "test.harness";

t.case("the same xpcall", function ()
	t.same(require "util.compat".xpcall, require "util.xpcall".xpcall);
end);

return t.finish();
