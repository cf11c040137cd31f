local t = require "test.harness";
local interpolation = require "util.interpolation";

local render = interpolation.new("%b{}", string.upper, { twice = function (s) return s..s; end });

t.case("values", function ()
	t.same(render("Hello, {name}!", { name = "romeo" }), "Hello, ROMEO!");
	t.same(render("{name!} {none}.", { name = "romeo" }), "romeo {none}.");
	t.same(render("{a.b} {a.x.y}.", { a = { b = 1 } }), "1 {a.x.y}.");
	t.same(render("{dot.ted}", { ["dot.ted"] = "x" }), "X");
	t.same(render("{ not one }", {}), "{ not one }");
	t.same(render("{flag}", { flag = false }), "FALSE");
end);

t.case("conditions", function ()
	t.same(render("{a?none}{b?none {c}}", { a = "x", c = "c" }), "Xnone C");
	t.same(render("{a&yes {a}}{b&yes}", { a = "x" }), "yes X");
	t.same(render("{a~no}{b~no}", { a = "x" }), "no");
end);

t.case("lists and maps", function ()
	t.same(render("{list#{idx}={item} }", { list = { "a", "b" } }), "1=A 2=B ");
	t.same(render("{list#{item.n}{outer}}", { list = { { n = 1 }, { n = 2 } }, outer = "x" }), "1X2X");
	t.same(render("{map%{idx}:{item!}}", { map = { k = "v" } }), "K:v");
	t.same(render("{none#x}", {}), "");
end);

t.case("filters", function ()
	t.same(render("{a|twice} {a|twice|twice!}", { a = "x" }), "XX xxxx");
	t.same(render("{none|twice?default}", {}), "default");
end);

return t.finish();
