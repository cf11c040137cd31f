local t = require "test.harness";
local url = require "socket.url";

t.case("parse and build", function ()
	for text, parts in pairs {
		["http://user:pw@host:80/a/b;p=1?q=2#f"] = { scheme = "http", authority = "user:pw@host:80", userinfo = "user:pw", user = "user", password = "pw";
			host = "host", port = "80", path = "/a/b", params = "p=1", query = "q=2", fragment = "f" };
		["mailto:a@b"] = { scheme = "mailto", path = "a@b" };
		["//h/p"] = { authority = "h", host = "h", path = "/p" };
		["/p/q?x"] = { path = "/p/q", query = "x" };
		["http://[::1]:80/"] = { scheme = "http", authority = "[::1]:80", host = "::1", port = "80", path = "/" };
		["http://h"] = { scheme = "http", authority = "h", host = "h" };
		["http://u@h"] = { scheme = "http", authority = "u@h", userinfo = "u", user = "u", host = "h" };
		["file:///x"] = { scheme = "file", authority = "", path = "/x" };
		["?q"] = { query = "q" }, ["#f"] = { fragment = "f" }, ["a:b"] = { scheme = "a", path = "b" };
		["http://h/a?b;c#d?e"] = { scheme = "http", authority = "h", host = "h", path = "/a", query = "b;c", fragment = "d?e" };
	} do
		t.same({ text, url.parse(text) }, { text, parts });
		t.same(url.build(url.parse(text)), text);
	end
	t.same(t.pack(url.parse("")), { n = 2, nil, "invalid url" });
	t.same(t.pack(url.parse(nil)), { n = 2, nil, "invalid url" });
	t.same(url.parse("http://x", { port = "9" }).port, "9");
	t.same(url.build { scheme = "http", host = "h", path = "/x", port = 80, user = "u", password = "p" }, "http://u:p@h:80/x");
	t.same(url.build { scheme = "x", host = "::1", path = "/p", query = "q", fragment = "f" }, "x://[::1]/p?q#f");
end);

t.case("paths", function ()
	t.same(url.parse_path("/a/b%20c/"), { "a", "b c", is_absolute = 1, is_directory = 1 });
	t.same({ url.parse_path("a"), url.parse_path(""), url.parse_path("/") }, { { "a" }, {}, { is_absolute = 1, is_directory = 1 } });
	t.same(url.build_path({ "a", "b c", is_absolute = 1, is_directory = 1 }), "/a/b%20c/");
	t.same({ url.build_path({ "a", "b c" }, true), url.build_path({ "a/b;,"}), url.build_path({}) }, { "a/b c", "a%2Fb%3B,", "" });
end);

t.case("escape", function ()
	t.same(url.escape("a b/\195\188~.-_"), "a%20b%2f%c3%bc%7e%2e%2d_");
	t.same(url.unescape("a%20b+c%zz%4"), "a b+c%zz%4");
end);

t.case("absolute", function ()
	for relative, want in pairs {
		g = "http://a/b/c/g", ["./g"] = "http://a/b/c/g", ["g/"] = "http://a/b/c/g/", ["/g"] = "http://a/g", ["//g"] = "http://g";
		["?y"] = "http://a/b/c/d;p?y", ["g?y"] = "http://a/b/c/g?y", ["#s"] = "http://a/b/c/d;p?q#s", [""] = "http://a/b/c/d;p?q";
		[".."] = "http://a/b/", ["../g"] = "http://a/b/g", ["../../../g"] = "http://a/g", ["./g/."] = "http://a/b/c/g/", ["x:y"] = "x:y";
	} do
		t.same({ relative, url.absolute("http://a/b/c/d;p?q", relative) }, { relative, want });
	end
	t.same(url.absolute({ scheme = "http", host = "h", authority = "h", path = "/x" }, "y"), "http://h/y");
end);

return t.finish();
