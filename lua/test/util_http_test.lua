local t = require "test.harness";
local http = require "util.http";

t.case("percent encoding", function ()
	t.same(http.urlencode("a b/\195\188~._-"), "a%20b%2f%c3%bc~._-");
	t.same(http.urlencode("helloworld/%"), "helloworld%2f%25");
	t.same(http.urldecode("a%20b%2F%2f+"), "a b//+");
	t.same({ http.urlencode(nil), http.urldecode(nil) }, {});
end);

t.case("forms", function ()
	t.same(http.formencode { { name = "one two", value = "1+1" }, { name = "b", value = "&=" } }, "one+two=1%2b1&b=%26%3d");
	t.same(http.formencode { only = "1" }, "only=1");
	t.same(http.formdecode("one+two=1%2b1&b=%26"), { { name = "one two", value = "1+1" }, { name = "b", value = "&" }, ["one two"] = "1+1", b = "&" });
	t.same(http.formdecode("just%20text"), "just text");
end);

t.case("contains_token", function ()
	t.same({ http.contains_token("Upgrade, Keep-Alive", "keep-alive"), http.contains_token("upgraded", "upgrade") }, { true, false });
end);

t.case("normalize_path", function ()
	t.same({ http.normalize_path("a/"), http.normalize_path("/a"), http.normalize_path("/"), http.normalize_path("") }, { "/a", "/a", "/", "/" });
	t.same({ http.normalize_path("a", true), http.normalize_path("/a/", true), http.normalize_path("/", true), http.normalize_path("", true) },
		{ "/a/", "/a/", "/", "/" });
end);

if http.parse_forwarded then -- 13
	t.case("Forwarded", function ()
		t.same(http.parse_forwarded("for=192.0.2.60;proto=http, For=\"[2001:db8::1]:80\"; by=x"),
			{ { ["for"] = "192.0.2.60", proto = "http" }, { ["for"] = "[2001:db8::1]:80", by = "x" } });
		t.same({ http.parse_forwarded("for=a b"), http.parse_forwarded("nonsense") }, { false, false });
		t.same(http.parse_forwarded(nil), nil);
	end);
end

return t.finish();
