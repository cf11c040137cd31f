local t = require "test.harness";
t.stand_in("util.hex", { to = function (s) return (s:gsub(".", function (c) return ("%02x"):format(c:byte()); end)); end });
local serialization = require "util.serialization";

local serialize, deserialize = serialization.serialize, serialization.deserialize;

t.case("layouts", function ()
	t.same(serialize { 1, "x", a = true }, "{\n\t1;\n\t\"x\";\n\t[\"a\"] = true;\n}");
	t.same(serialize { { 1 } }, "{\n\t{\n\t\t1;\n\t};\n}");
	t.same({ serialize {}, serialize(nil), serialize(false) }, { "{}", "nil", "false" });
	t.same(serialize({ 1, 2 }, "oneline"), "{ 1; 2 }");
	t.same(serialize({ a = 1 }, "compact"), "{a=1}");
	t.same(serialize({ ["end"] = 1 }, "compact"), "{[\"end\"]=1}");
	t.same(serialize({ a = 1 }, "debug"), "{ a = 1 }");
end);

t.case("strings", function ()
	t.same(serialize("a\"b'c\\d\n\0\255"), [["a\"b\'c\\d\n\000\255"]]);
	t.same({ serialize("\1\2", { hex = "x" }), serialize("ab", { hex = "x" }) }, { "x\"0102\"", "\"ab\"" });
end);

t.case("numbers", function ()
	t.same({ serialize(42), serialize(-1), serialize(0.5), serialize(2^53) }, { "42", "-1", "0.5", "9007199254740992" });
	t.same({ serialize(1/0), serialize(-1/0), serialize(0/0) }, { "(1/0)", "(-1/0)", "(0/0)" });
end);

t.case("there and back", function ()
	local all = {};
	for i = 0, 255 do all[#all+1] = string.char(i); end
	for _, value in ipairs { 1, 0.1, "x", true, { a = { b = { 1, 2, 3 } }, [1.5] = "y" }, { all = table.concat(all) }, { ["not"] = 1 } } do
		for _, preset in ipairs { "oneline", "compact" } do
			t.same(deserialize(serialize(value, preset)), value);
		end
		t.same(deserialize(serialize(value)), value);
	end
end);

t.case("what cannot be written", function ()
	local loop = {};
	loop[1] = loop;
	t.raises("function", serialize, { print });
	t.raises("table", serialize, loop);
	t.same(serialize(print, { fatal = false }), "{__type=\"function\",__error=\"fail\"}");
	t.same(serialize({ print }, { preset = "oneline", fallback = function () return "?"; end }), "{ ? }");
	local shared = {};
	t.same(serialize({ shared, shared }, { preset = "compact", multiref = true }), "{{};{}}");
end);

t.case("__freeze", function ()
	local set = require "util.set".new { "x" };
	t.same(serialize(set, "debug"), "set{ \"x\" }");
	local as_text = setmetatable({}, { __freeze = function () return "TEXT"; end });
	t.same(serialize({ as_text }, "debug"), "{ TEXT }");
	t.same(serialize(as_text, "compact"), "{}");
end);

t.case("deserialize runs nothing", function ()
	t.same(deserialize("os.exit()"), nil);
	t.same(deserialize("} syntax"), nil);
	t.same(deserialize(nil), nil);
	t.same(deserialize("{ 1, a = 2 }"), { 1, a = 2 });
end);

return t.finish();
