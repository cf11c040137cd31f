local t = require "test.harness";

t.case("util.table", function ()
	local lib = require "util.table";
	t.same({ lib.pack(1, nil, 3), lib.pack(), lib.create(4, 2) }, { { n = 3, 1, nil, 3 }, { n = 0 }, {} });
	if lib.move then
		t.same(lib.move({ 1, 2, 3 }, 1, 3, 2), { 1, 1, 2, 3 });
		t.same(lib.move({ 1, 2, 3 }, 2, 3, 1), { 2, 3, 3 });
		t.same(lib.move({ 1, 2, 3 }, 2, 3, 1, {}), { 2, 3 });
	end
end);

t.case("util.strbitop", function ()
	local op = require "util.strbitop";
	t.same({ op.sand("abc", "\240"), op.sxor("abc", "ab"), op.sor("", "a"), op.sxor("a", ""), op.sor("a", "\2") }, { "```", "\0\0\2", "", "a", "c" });
	t.raises("string expected", op.sxor, "a", nil);
end);

t.case("util.struct", function ()
	local s = require "util.struct";
	t.same(s.pack(">I2I4", 258, 1), "\1\2\0\0\0\1");
	t.same(s.pack("<i1i2i4", -1, -2, -3), "\255\254\255\253\255\255\255");
	t.same({ s.unpack(">I2", "\1\2\3") }, { 258, 3 });
	t.same({ s.unpack(">I2", "\1\2\3", 2) }, { 515, 4 });
	t.same({ s.size(">I2I4b"), s.size("!8Bd"), s.size("") }, { 7, 16, 0 });
	t.same({ s.pack("s", "abc"), s.pack("c3", "abcd"), s.pack(">c0", "abc"), s.pack("xxB", 1) }, { "abc\0", "abc", "abc", "\0\0\1" });
	t.same({ s.unpack("Bc0", "\3abcd") }, { "abc", 5 });
	t.same({ s.unpack("s", "abc\0d") }, { "abc", 5 });
	t.same({ s.unpack("<bhfd", s.pack("<bhfd", -5, -300, 1.5, -2.25)) }, { -5, -300, 1.5, -2.25, 16 });
	t.same({ s.pack("!4bi", 1, 2), s.pack(" > I2 ", 1), s.pack(">I3", 70000) }, { "\1\0\0\0\2\0\0\0", "\0\1", "\1\17p" });
	t.same(s.pack(">HLTh", 1, 2, 3, -1), "\0\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\3\255\255");
	t.raises("invalid format option", s.pack, "z", 1);
	t.raises("too short", s.unpack, "I4", "ab");
	t.raises("no fixed size", s.size, "s");
end);

t.case("util.xml", function ()
	local parse = require "util.xml".parse;
	local function same(text, want, options) t.same({ text, tostring(parse(text, options)) }, { text, want }); end
	same("<a/>", "<a/>"); same(" <a/>\n", "<a/>"); same("<?xml version='1.0'?>\n<a/>\n", "<a/>");
	same("<a>&lt;&#65;<![CDATA[<x>]]></a>", "<a>&lt;A&lt;x&gt;</a>");
	same("<a xml:lang='en'/>", "<a xml:lang='en'/>");
	local x = parse("<a xmlns='x'><b/>t<c xmlns='y' z='1'/></a>");
	t.same({ x.name, x.attr.xmlns, x:get_child("b").attr.xmlns, x:get_child("c", "y").attr.z, x[2] }, { "a", "x", "x", "1", "t" });
	x = parse("<p:b xmlns:p='q' p:c='d' e='f'><g/></p:b>");
	t.same({ x.name, x.attr.xmlns, x.attr["q\1c"], x.attr.e, x.tags[1].name, x.tags[1].attr.xmlns }, { "b", "q", "d", "f", "g" });
	for _, bad in ipairs { "", "a", "<a>", "<a/><b/>", "<!DOCTYPE a><a/>", "<a>&foo;</a>", "<a><!-- c --></a>", "<?php x?><a/>", "<a b='1' b='2'/>" } do
		local ok, err = parse(bad);
		t.same({ bad, ok, type(err) }, { bad, nil, "string" });
	end
	same("<a><!-- c --><?pi x?>b<![CDATA[<!--]]></a>", "<a>b&lt;!--</a>", { allow_comments = true, allow_processing_instructions = true });
	t.same((parse("<a><!-- c --><?pi x?>b</a>", { allow_comments = true })), nil);
	t.same((parse("<a><!-- c --><?pi x?>b</a>", { allow_processing_instructions = true })), nil);
end);

return t.finish();
