local t = require "test.harness";
local dependencies = require "util.dependencies";

t.case("softreq", function ()
	t.same(dependencies.softreq("util.set") == require "util.set", true);
	local library, err = dependencies.softreq("no.such.library");
	t.same({ library, type(err) }, { nil, "string" });
end);

t.case("nothing is missing", function ()
	t.same(dependencies.check_dependencies(), true);
	t.same(dependencies.log_warnings(), nil);
end);

return t.finish();
