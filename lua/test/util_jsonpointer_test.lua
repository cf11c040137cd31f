local t = require "test.harness";
local resolve = require "util.jsonpointer".resolve;

t.case("RFC 6901 §5", function ()
	local doc = { foo = { "bar", "baz" }, ["a/b"] = 1, ["m~n"] = 8, deep = { x = { y = 2 } } };
	t.same(resolve(doc, "") == doc, true);
	t.same({ resolve(doc, "/foo/0"), resolve(doc, "/a~1b"), resolve(doc, "/m~0n"), resolve(doc, "/deep/x/y") }, { "bar", 1, 8, 2 });
	t.same({ resolve(doc, "/none"), resolve(doc, "/foo/9"), resolve(doc, "/a~1b/c") }, {});
end);

return t.finish();
