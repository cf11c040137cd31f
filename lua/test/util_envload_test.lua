local t = require "test.harness";
local envload = require "util.envload";

t.case("text", function ()
	local env = { y = 2 };
	local f = envload.envload("x = y; return x", "=test", env);
	t.same({ f(), env.x, rawget(_G, "x") }, { 2, 2, nil });
	t.same(envload.envload("return 1")(), 1);
end);

t.case("syntax error", function ()
	local f, err = envload.envload("return return", "=here", {});
	t.same({ f, err:find("^here:1:") ~= nil }, { nil, true });
end);

t.case("reader function", function ()
	local parts = { "return ", "z" };
	t.same(envload.envload(function () return table.remove(parts, 1); end, "=test", { z = 3 })(), 3);
end);

t.case("file", function ()
	local name = os.tmpname();
	local file = assert(io.open(name, "w"));
	file:write("v = 1; return w");
	file:close();
	local env = { w = "w" };
	t.same({ envload.envloadfile(name, env)(), env.v }, { "w", 1 });
	os.remove(name);
	local f, err = envload.envloadfile(name, env);
	t.same({ f, type(err) }, { nil, "string" });
end);

return t.finish();
