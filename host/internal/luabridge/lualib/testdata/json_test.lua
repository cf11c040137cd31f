local t = require "test.harness";
local json = require "util.json";

local function both(value, text)
	t.same(json.encode(value), text);
	t.same(json.decode(text), value);
end

t.case("values", function ()
	both(true, "true"); both(false, "false"); both(5, "5"); both(-1.5, "-1.5"); both("", '""'); both(json.null, "null");
	both("a\"b\\c/\b\f\n\r\t", [["a\"b\\c/\b\f\n\r\t"]]);
	both("\1\31\127", [["\u0001\u001F]].."\127\"");
	both("\195\169", "\"\195\169\"");
	t.same({ json.encode(nil), json.encode(print), tostring(json.null) }, { "null", "null", "null" });
end);

t.case("tables", function ()
	both({}, "{}");
	both({ 1, 2, 3 }, "[1,2,3]");
	both({ a = 1 }, '{"a":1}');
	both({ a = { b = { 1, { c = true } } } }, '{"a":{"b":[1,{"c":true}]}}');
	t.same(json.encode({ 1, f = print }), "[1]");
	t.same(json.encode({ print, 1 }), "[null,1]");
	t.same(json.encode(json.decode("[]")), "[]");
	t.same(json.encode({ a = json.decode("[]") }), '{"a":[]}');
	t.same({ json.encode_array({}), json.encode_array({ 1, a = 2 }) }, { "[]", "[1]" });
	t.same(json.encode_ordered({ b = 1, a = 2, c = { z = 1, y = 2 } }), '{"a":2,"b":1,"c":{"y":2,"z":1}}');
end);

t.case("tables of both kinds", function ()
	t.same(json.encode_ordered({ 1, 2, a = 3 }), '{"a":3,"__array":[1,2]}');
	t.same(json.encode({ [true] = 1 }), '{"__hash":[true,1]}');
	t.same(json.decode('{"a":3,"__array":[1,2]}'), { 1, 2, a = 3 });
	t.same(json.decode('{"__hash":[true,1]}'), { [true] = 1 });
	t.same(json.encode({ [2] = "x" }), '{"__hash":[2,"x"]}');
end);

t.case("decode", function ()
	t.same(json.decode(" { \"a\" : [ 1 , 2 ] ,\n\"b\":null } "), { a = { 1, 2 }, b = json.null });
	t.same(json.decode('"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\\/"'), "A\195\169\226\130\172\240\159\152\128/");
	t.same(json.decode('"\\q"'), "\\q");
	t.same(json.decode('"a\nb"'), "a\nb");
	t.same({ json.decode("1e3"), json.decode("-0.5E-1"), json.decode("10") }, { 1000, -0.05, 10 });
	t.same(json.decode('{"a":1,}'), { a = 1 });
	t.same(getmetatable(json.decode("[1]")), getmetatable(json.decode("[]")));
	t.same(json.decode('{"a":{"a":1}}').a.a, 1);
end);

t.case("decode errors", function ()
	for text, message in pairs {
		["[1,]"] = "value expected", ["[1"] = "array eof", ["{"] = "key expected", ['{"a"}'] = "colon expected";
		['{"a":1'] = "object eof", ['"a'] = "string eof", ["nul"] = "null parse failed", ["trux"] = "true parse failed";
		["fals"] = "false parse failed", ["1 2"] = "garbage at eof", ['"\\u12"'] = "invalid escape", ['"\\ud800"'] = "invalid escape";
		["x"] = "value expected", ["[1 2]"] = "array eof", ["{1:2}"] = "key expected", ["[x]"] = "value expected", ['{"a":x}'] = "value expected";
	} do
		t.same(t.pack(text, json.decode(text)), { n = 3, text, nil, message });
	end
	t.same({ (json.decode("-")), (json.decode("")), (json.decode(" ")) }, {});
	t.same(json.decode("1.2.3"), nil);
	t.raises("", json.decode, nil);
end);

t.case("too deep", function ()
	local deep = {};
	deep[1] = deep;
	t.raises("", json.encode, deep);
	if OURS then
		t.same({ json.decode(("["):rep(100000)) }, { nil, "nested too deep" });
	end
end);

t.case("metatable of util.array", function ()
	local array = require "util.array";
	t.same(json.encode(array()), "[]");
	t.same(getmetatable(json.decode("[1]")) == getmetatable(array()), true);
end);

return t.finish();
