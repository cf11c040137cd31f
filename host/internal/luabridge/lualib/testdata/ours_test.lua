-- Libraries that are not Prosody's, and stand-ins. The reference has none of these.
local t = require "test.harness";
if not OURS then return t.finish(); end

t.case("cjson", function ()
	local json, safe = require "cjson", require "cjson.safe";
	t.same({ json.decode(json.encode({ a = { 1, true } })), json.null }, { { a = { 1, true } }, require "util.json".null });
	t.raises("value expected", json.decode, "x");
	t.raises("type not supported", json.encode, print);
	t.same(t.pack(safe.decode("x")), { n = 2, nil, "value expected" });
	t.same({ (safe.encode(print)), type(select(2, safe.encode(print))) }, { nil, "string" });
end);

t.case("basexx", function ()
	local b = require "basexx";
	t.same({ b.to_base64("a\255"), b.to_url64("a\255\254"), b.to_base32("a"), b.to_hex("a\255") }, { "Yf8=", "Yf_-", "ME======", "61FF" });
	t.same({ b.from_base64("Yf8="), b.from_url64("Yf_-"), b.from_base32("me"), b.from_hex("61ff") }, { "a\255", "a\255\254", "a", "a\255" });
	t.same({ b.from_base64("Y f8=", " "), (b.from_base64("!")) }, { "a\255" });
end);

t.case("ltn12", function ()
	local ltn12 = require "ltn12";
	local sink, chunks = ltn12.sink.table();
	t.same({ ltn12.pump.all(ltn12.source.string(("x"):rep(5000)), sink), #table.concat(chunks), #chunks }, { 1, 5000, 3 });
	local failing = function () return nil, "why"; end;
	t.same({ ltn12.pump.all(failing, (ltn12.sink.table())) }, { nil, "why" });
	t.same({ ltn12.pump.step(ltn12.source.table { 1 }, ltn12.sink.null()), ltn12.source.empty()() }, { 1 });
end);

t.case("stand-ins name what is missing", function ()
	t.raises("core%.componentmanager%.register_component is not available", require "core.componentmanager".register_component, "x");
	t.same({ require "net.http".formencode { a = "b c" }, require "net.http".urlencode("a b") }, { "a=b+c", "a%20b" });
	for _, name in ipairs { "net.adns", "net.server", "net.http.server", "ssl", "util.sql" } do
		t.same({ name, type(require(name)) }, { name, "table" });
	end
end);

t.case("lxp.lom", function ()
	local parse = require "lxp.lom".parse;
	local e = parse "<?xml version='1.0'?><a x='1' p:y='&lt;' xmlns:p='u'>t<!-- c -->&amp;<![CDATA[<]]><p:b/>e</a>";
	t.same({ e.tag, e.attr.x, e.attr["p:y"], e.attr[1], e.attr[2], e[1], e[2].tag, e[3], #e, #e[2] }, { "a", "1", "<", "x", "p:y", "t&<", "p:b", "e", 3, 0 });
	local pieces = { "<a>", "b</a>" };
	t.same({ parse(function () return table.remove(pieces, 1); end) }, { { tag = "a", attr = {}, "b" } });
	for _, text in ipairs { "", "<a>", "<a></b>", "<a/><b/>", "<a", "</a>" } do
		local none, why, line = parse(text);
		t.same({ none, type(why), line }, { nil, "string", 1 });
	end
end);

t.case("inspect", function ()
	local inspect = require "inspect";
	t.same({ inspect(5), inspect("a\"b"), inspect({}), inspect({ 1, "x" }), inspect(nil), inspect(true) }, { "5", '"a\\"b"', "{}", '{ 1, "x" }', "nil", "true" });
	t.same(inspect({ 1, a = { b = 1 }, ["x y"] = 2 }), '{ 1,\n  ["x y"] = 2,\n  a = {\n    b = 1\n  }\n}');
	local loop = {};
	loop.self = loop;
	t.same({ inspect(loop), inspect.inspect(1), inspect(print) }, { "{\n  self = <table>\n}", "1", "<function>" });
end);

t.case("net.http.codes", function ()
	local codes = require "net.http.codes";
	t.same({ codes[200], codes[404], codes[599] }, { "200 OK", "404 Not Found", "599 Unassigned" });
end);

t.case("util.jid: nothing that preparation turned into another address", function ()
	local jid = require "util.jid";
	t.same({ jid.prep("a\239\188\160b"), jid.prep("a\239\188\143b"), jid.prep(".."), jid.prep("a.."), jid.prep("\194\173@b") }, {});
end);

t.case("precis", function ()
	local nickname = require "util.encodings".precis.nickname;
	t.same(nickname("  Fair   Juliet "), "fair juliet");
	t.same(nickname("\239\188\170uliet\227\128\128"), "juliet"); -- a wide letter, and a wide space
	t.same({ nickname(""), nickname("\7") }, {});
end);

return t.finish();
