local t = require "test.harness";
local encodings = require "util.encodings";
local base64, prep, idna, utf8 = encodings.base64, encodings.stringprep, encodings.idna, encodings.utf8;

t.case("base64", function ()
	for plain, coded in pairs { [""] = "", a = "YQ==", ab = "YWI=", abc = "YWJj", ["a\0b\255"] = "YQBi/w==" } do
		t.same({ base64.encode(plain), base64.decode(coded) }, { coded, plain });
	end
	t.same(base64.decode("YW Jj\n\tYWJj\r"), "abcabc");
	t.same({ base64.decode("YQ"), base64.decode("YWI"), base64.decode("YWJjYQ") }, { "", "", "abc" });
	t.same({ base64.decode("YQ==YQ=="), base64.decode("YR=="), base64.decode("===="), base64.decode("Y=WJ") }, { "aa", "a", "", "" });
	t.same(t.pack(base64.decode("!!!!")), { n = 0 });
	t.same(t.pack(base64.decode("YWJj-_")), { n = 0 });
	t.raises("string expected", base64.decode, nil);
	t.raises("string expected", base64.encode, nil);
end);

t.case("stringprep", function ()
	t.same({ prep.nodeprep("Ab"), prep.nodeprep("\195\159"), prep.nodeprep(""), prep.nodeprep("\194\173") }, { "ab", "ss", "", "" });
	for _, bad in ipairs { "a b", "a@b", "a/b", "\255", "a\"", string.rep("a", 1024) } do
		t.same(t.pack(prep.nodeprep(bad)), { n = 1 });
	end
	t.same({ prep.resourceprep("A b"), prep.resourceprep("\239\188\161"), prep.resourceprep("\0") }, { "A b", "A" });
	t.same({ prep.nameprep("EXAMPLE.com"), prep.saslprep("I\194\173X"), prep.saslprep("a\194\160b") }, { "example.com", "IX", "a b" });
	t.same({ prep.nodeprep("\200\160") ~= nil, prep.nodeprep("\200\161", true) }, { true });
	t.raises("string expected", prep.nodeprep, nil);
	t.raises("string expected", prep.nameprep, {});
end);

t.case("idna", function ()
	for name, ascii in pairs {
		["example.com"] = "example.com", ["EXAMPLE.com"] = "example.com", ["m\195\188ller.de"] = "xn--mller-kva.de";
		["fa\195\159.de"] = "fass.de", ["\226\152\131.net"] = "xn--n3h.net", ["a."] = "a.";
	} do
		t.same({ name, idna.to_ascii(name) }, { name, ascii });
	end
	t.same({ idna.to_unicode("xn--mller-kva.de"), idna.to_unicode("EXAMPLE.com") }, { "m\195\188ller.de", "example.com" });
	for _, bad in ipairs { "a..b", "a_b.c", "-a.b", "", ".", "a b", "xn--a", "\255", "*.x.de", string.rep("a", 70)..".de" } do
		t.same({ bad, idna.to_ascii(bad) }, { bad });
	end
	t.raises("string expected", idna.to_ascii, nil);
end);

t.case("utf8", function ()
	t.same({ utf8.valid("a"), utf8.valid("a\0b"), utf8.valid("\195\169") }, { true, true, true });
	t.same({ utf8.valid("a\255"), utf8.valid("\237\160\128"), utf8.valid("\244\144\128\128"), utf8.valid("\192\128") }, { false, false, false, false });
	t.same(utf8.length("a\195\169"), 3);
	t.same(t.pack(utf8.length("\255")), { n = 2, nil, "invalid utf8" });
end);

t.case("confusable", function ()
	local skeleton = encodings.confusable.skeleton;
	t.same(skeleton("paypaI"), skeleton("paypal"));
	t.same(skeleton("\209\128\208\176ypal"), skeleton("paypal"));
	t.same(skeleton("rn"), skeleton("m"));
	t.same(skeleton("romeo") == skeleton("juliet"), false);
end);

return t.finish();
