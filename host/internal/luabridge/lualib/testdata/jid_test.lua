local t = require "test.harness";
local jid = require "util.jid";

t.case("split", function ()
	t.same(t.pack(jid.split("node@host/resource")), { n = 3, "node", "host", "resource" });
	t.same(t.pack(jid.split("node@host")), { n = 3, "node", "host", nil });
	t.same(t.pack(jid.split("host/resource")), { n = 3, nil, "host", "resource" });
	t.same(t.pack(jid.split("host")), { n = 3, nil, "host", nil });
	t.same(t.pack(jid.split("a@b/c@d/e f")), { n = 3, "a", "b", "c@d/e f" });
	t.same(t.pack(jid.split("Node@HOST/Res")), { n = 3, "Node", "HOST", "Res" });
	for _, bad in ipairs { "", "@", "@host", "node@", "node@host/", "a@b@c", "/r", "node@/r" } do
		t.same(t.pack(jid.split(bad)), { n = 3 });
	end
	t.same(t.pack(jid.split(nil)), { n = 0 });
	t.raises("string expected", jid.split, {});
end);

t.case("parts", function ()
	t.same({ jid.node("a@b/c"), jid.host("a@b/c"), jid.resource("a@b/c") }, { "a", "b", "c" });
	t.same({ jid.bare("a@b/c"), jid.bare("a@b"), jid.bare("b/c"), jid.bare("b") }, { "a@b", "a@b", "b", "b" });
	t.same(t.pack(jid.node("b"), jid.resource("b"), jid.bare("a@")), { n = 3 });
	t.same(t.pack(jid.bare(nil), jid.node(nil), jid.host(nil)), { n = 3 });
end);

t.case("join", function ()
	t.same(jid.join("a", "b", "c"), "a@b/c");
	t.same(jid.join("a", "b"), "a@b");
	t.same(jid.join(nil, "b", "c"), "b/c");
	t.same(jid.join(nil, "b"), "b");
	t.same(jid.join("", "b", ""), "@b/");
	t.same(jid.join("a", nil, "c"), nil);
end);

t.case("prep", function ()
	t.same(jid.prep("A@B/C"), "a@b/C");
	t.same(jid.prep("a@b."), "a@b");
	t.same(jid.prep("b/R d"), "b/R d");
	t.same(jid.prep("STRA\195\159E@x"), "strasse@x");
	t.same({ jid.prep("a b@c"), jid.prep("a\"@c"), jid.prep("a@b/\0"), jid.prep("\255@b"), jid.prep("."), jid.prep("@b") }, {});
	t.same(jid.prep(string.rep("a", 1024).."@b"), nil);
	t.same(jid.prep(nil), nil);
	t.same(t.pack(jid.prepped_split("A@B/C")), { n = 3, "a", "b", "C" });
	t.same(t.pack(jid.prepped_split("B")), { n = 3, nil, "b", nil });
	t.same(t.pack(jid.prepped_split("@b")), { n = 0 });
end);

t.case("strict refuses what Unicode 3.2 did not know", function ()
	local later = "\240\159\152\128";
	t.same(jid.prep("a@b/"..later), "a@b/"..later);
	t.same(jid.prep("a@b/"..later, true), nil);
	t.same(t.pack(jid.prepped_split(later.."@b", true)), { n = 0 });
end);

t.case("compare", function ()
	for _, rule in ipairs { "b", "a@b", "a@b/c", "b/c" } do
		t.same({ rule, jid.compare("a@b/c", rule) }, { rule, true });
	end
	for _, rule in ipairs { "x", "x@b", "a@b/x", "a@x" } do
		t.same({ rule, jid.compare("a@b/c", rule) }, { rule, false });
	end
	t.same({ jid.compare("b", "a@b"), jid.compare("a@b", "a@b/c") }, { false, false });
end);

t.case("escape", function ()
	t.same(jid.escape([[d'artagnan & "co"@<x>:/]]), [[d\27artagnan\20\26\20\22co\22\40\3cx\3e\3a\2f]]);
	t.same(jid.unescape([[d\27artagnan\20\26\20\22co\22\40\3cx\3e\3a\2f]]), [[d'artagnan & "co"@<x>:/]]);
	t.same({ jid.escape([[c:\net]]), jid.escape([[a\20b]]) }, { [[c\3a\net]], [[a\5c20b]] });
	t.same(jid.unescape([[a\5c20b]]), [[a\20b]]);
	t.same({ jid.escape(nil), jid.unescape(nil) }, {});
end);

return t.finish();
