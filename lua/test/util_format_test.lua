local t = require "test.harness";
t.stand_in("util.encodings", { utf8 = { valid = function (text) return not text:find("[\192\193\245-\255]"); end } });
local format = require "util.format".format;

t.case("what string.format does", function ()
	t.same(format("%s and %d and %g", "a", 1, 0.5), "a and 1 and 0.5");
	t.same(format("%5s|%-5s|%03d|%.2f|%x", "a", "b", 7, 1.234, 255), "    a|b    |007|1.23|ff");
	t.same(format("100%%"), "100%");
end);

t.case("arguments that do not fit", function ()
	t.same(format("%s", nil), "(nil)");
	t.same(format("%s %s", "a"), "a (nil)");
	t.same(format("%d", "x"), "[x]");
	t.same(format("%d", 1.5), "[1.5]");
	t.same(format("%x", -1), "[-1]");
	t.same(format("%d", true), "[true]");
	t.same(format("%s", true), "true");
	t.same(format("%s", setmetatable({}, { __tostring = function () return "object"; end })), "object");
end);

t.case("arguments without a directive", function ()
	t.same(format("a", "b", 2), "a [b] [2]");
	t.same(format("a", nil), "a [(nil)]");
end);

t.case("nothing forges a line", function ()
	t.same(format("%s", "a\nb"), "a\n\tb");
	t.same(format("%s", "a\27[1mb\0"), "a\226\144\155[1mb\226\144\128");
	t.same(format("%s", "\255"), [["\255"]]);
	t.same(format("x", "a\nb"), "x [a\n\tb]");
end);

t.case("quoting", function ()
	t.same(format("%q", "a\"b"), [["a\"b"]]);
	t.same(format("%q", { 1 }), "{ 1 }");
end);

return t.finish();
