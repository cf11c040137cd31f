local t = require "test.harness";
require "util.import";

t.case("fields of a library", function ()
	local new, none, is_set = import("util.set", "new", "none", "is_set"); -- luacheck: ignore 113
	t.same({ is_set(new()), none }, { true, nil });
	t.same(import("util.set") == require "util.set", true); -- luacheck: ignore 113
end);

return t.finish();
