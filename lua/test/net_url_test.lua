local t = require "test.harness";
local url = require "net.url";

t.case("queries", function ()
	t.same(url.parseQuery "a=1&b=x+y%21&c", { a = "1"; b = "x y!"; c = "" });
	t.same(url.parseQuery "a[]=1&a[]=2&b[k][l]=3&d=1&d=2", { a = { "1", "2" }; b = { k = { l = "3" } }; d = { "1", "2" } });
	t.same(url.parseQuery "", {});
	t.same(url.buildQuery { a = 1; b = "x y"; c = { d = "e" } }, "a=1&b=x%20y&c%5Bd%5D=e");
end);

t.case("addresses", function ()
	local u = url.parse "https://romeo:secret@verona.example:8443/a/b?c=d#e";
	t.same({ u.scheme, u.user, u.password, u.host, u.port, u.path, u.query.c, u.fragment },
		{ "https", "romeo", "secret", "verona.example", 8443, "/a/b", "d", "e" });
	t.same(tostring(u), "https://romeo:secret@verona.example:8443/a/b?c=d#e");
	u:setQuery { f = "g" };
	t.same(u:build(), "https://romeo:secret@verona.example:8443/a/b?f=g#e");
	t.same({ url.parse("http://[::1]:80/").host, url.parse("/path").path, url.parse("xmpp:romeo@localhost").path }, { "[::1]", "/path", "romeo@localhost" });
end);

return t.finish();
