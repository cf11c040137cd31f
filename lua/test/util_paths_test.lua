local t = require "test.harness";
local paths = require "util.paths";

t.case("resolve_relative_path", function ()
	t.same(paths.resolve_relative_path("/etc/", "a.lua"), "/etc/a.lua");
	t.same(paths.resolve_relative_path("/etc", "./a.lua"), "/etc/a.lua");
	t.same(paths.resolve_relative_path("/etc", "/a.lua"), "/a.lua");
	t.same(paths.resolve_relative_path("/etc", nil), nil);
end);

t.case("glob_to_pattern", function ()
	t.same(("a.log"):match(paths.glob_to_pattern("?.l*")), "a.log");
	t.same(("axlog"):match(paths.glob_to_pattern("?.l*")), nil);
end);

t.case("join", function ()
	t.same({ paths.join("a"), paths.join("a", "b"), paths.join("a", "b", "c", "d") }, { "a", "a/b", "a/b/c/d" });
end);

return t.finish();
