-- lxp and lxp.lom, as LuaExpat has them.
local t = require "test.harness";
local lxp, lom = require "lxp", require "lxp.lom";

-- What a document in pieces is told as, and what the last piece gave.
local function told(pieces, separator)
	local events, result = {}, nil;
	local callbacks = {};
	for _, name in ipairs { "StartElement", "EndElement", "CharacterData", "Comment", "ProcessingInstruction", "StartNamespaceDecl", "EndNamespaceDecl", "XmlDecl" } do
		callbacks[name] = function (_, ...)
			local words = { name };
			for i = 1, select("#", ...) do
				local v = select(i, ...);
				if type(v) == "table" then
					local list = {};
					for n, attribute in ipairs(v) do
						list[n] = attribute.."="..v[attribute];
					end
					v = "{"..table.concat(list, " ").."}";
				end
				words[#words+1] = tostring(v);
			end
			events[#events+1] = table.concat(words, " ");
		end;
	end
	local parser = lxp.new(callbacks, separator);
	for _, piece in ipairs(pieces) do
		result = t.pack(parser:parse(piece));
		if not result[1] then break; end
	end
	return events, result[1] == parser or result;
end

t.case("elements, attributes, text", function ()
	t.same({ told { "<?xml version='1.0'?><a b='1' c='&lt;'>x &amp; y<d/><!-- z --><?p q?></a>" } }, { {
		"XmlDecl 1.0 nil", "StartElement a {b=1 c=<}", "CharacterData x & y", "StartElement d {}", "EndElement d", "Comment  z ",
		"ProcessingInstruction p q", "EndElement a" }, true });
end);

t.case("pieces", function ()
	t.same({ told { "<a><b c", "='1'>on", "e &a", "mp; two</", "b></a>" } },
		{ { "StartElement a {}", "StartElement b {c=1}", "CharacterData on", "CharacterData e ", "CharacterData & two", "EndElement b", "EndElement a" }, true });
end);

t.case("namespaces", function ()
	t.same({ told({ "<a xmlns='urn:a' xmlns:p='urn:p' p:x='1' y='2' xml:lang='en'><p:b/><c xmlns=''/></a>" }, "|") }, { {
		"StartNamespaceDecl nil urn:a", "StartNamespaceDecl p urn:p",
		"StartElement urn:a|a {urn:p|x=1 y=2 http://www.w3.org/XML/1998/namespace|lang=en}",
		"StartElement urn:p|b {}", "EndElement urn:p|b",
		"StartNamespaceDecl nil nil", "StartElement c {}", "EndElement c", "EndNamespaceDecl nil",
		"EndElement urn:a|a", "EndNamespaceDecl p", "EndNamespaceDecl nil" }, true });
	t.same(told { "<a xmlns='urn:a' p:x='1'/>" }, { "StartElement a {xmlns=urn:a p:x=1}", "EndElement a" });
end);

t.case("mistakes", function ()
	local function mistake(separator, ...)
		local _, result = told({ ... }, separator);
		return result ~= true and result[2];
	end
	t.same(mistake(nil, "<a></b>"), "mismatched tag");
	t.same(mistake(nil, "<a/><b/>"), "junk after document element");
	t.same(mistake("|", "<p:a/>"), "unbound prefix");
	t.same(mistake(nil, "<a b='1' b='2'/>"), "duplicate attribute");
	t.same((select(2, lom.parse("text"))), "syntax error");
	local parser = lxp.new {};
	t.same({ parser:parse("<a>\n <b>"), (parser:parse()) }, { parser });
	t.same(t.pack(lxp.new({}):parse("<a>\n</b>")).n, 5);
	t.same({ select(3, lxp.new({}):parse("<a>\n</b>")) }, { 2, 3, 7 });
	t.raises("error closing parser: no element found", function ()
		local unfinished = lxp.new {};
		unfinished:parse("<a>");
		unfinished:close();
	end);
	local finished = lxp.new {};
	finished:parse("<a/>");
	finished:parse();
	finished:close();
end);

t.case("sizes", function ()
	local sizes = {};
	local function size(parser) sizes[#sizes+1] = parser:getcurrentbytecount(); end
	lxp.new({ StartElement = size; EndElement = size; Comment = size }):parse("<a b='1'><c/><!-- d --></a>");
	t.same(sizes, { 9, 4, 0, 10, 4 });
end);

t.case("lom", function ()
	local tree = lom.parse("<a x='1' y='2'>one<b>two</b><c/>three</a>");
	t.same(tree, { tag = "a"; attr = { "x", "y", x = "1", y = "2" }; "one", { tag = "b"; attr = {}; "two" }, { tag = "c"; attr = {} }, "three" });
	t.same(lom.parse({ "<a><", "b/></a>" })[1].tag, "b");
	local pieces = { "<a>", "x", "</a>" };
	t.same(lom.parse(function () return table.remove(pieces, 1); end), { tag = "a"; attr = {}; "x" });
	t.same({ lom.parse("<a>") }, { nil, "no element found", 1, 4, 4 });
	t.same({ lom.find_elem(tree, "c").tag, lom.find_elem(tree, "d") }, { "c" });
	local tags = {};
	for child in lom.list_children(tree) do tags[#tags+1] = child.tag; end
	t.same(tags, { "b", "c" });
end);

return t.finish();
