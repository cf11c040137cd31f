local t = require "test.harness";
local dbuffer = require "util.dbuffer";

t.case("reading", function ()
	local b = dbuffer.new();
	b:write("abc"); b:write("def"); b:write("ghi");
	t.same({ b:read(4), b:read(9), b:length() }, { "abcd", nil, 5 });
	t.same({ (b:read_chunk()), b:read(), b:read() }, { "ef", "ghi" });
end);

t.case("looking", function ()
	local b = dbuffer.new();
	b:write("hello "); b:write("world");
	t.same({ b:sub(5, 8), b:sub(-3), b:byte(), b:byte(-1), b:len() }, { "o wo", "rld", 104, 100, 11 });
	t.same({ b:read_until("o w"), b:read_until("!"), b:discard(2), b:discard(9), b:read(2) }, { "hello w", nil, true, nil, "ld" });
end);

t.case("looking at a part leaves the rest as it is", function ()
	local b = dbuffer.new();
	b:write("ab"); b:write("cd"); b:write("ef");
	t.same({ b:sub(1, 3), b:sub(2, 2), b:sub(5, 99), b:sub(9), b:sub(0, 0), b:sub(3, 2), b:sub(-99, -5) }, { "abc", "b", "ef", "", "", "", "ab" });
	b = dbuffer.new();
	b:write("ab"); b:write("cd"); b:write("ef");
	t.same({ b:sub(1, 3), #b._chunks, b:byte(5), b:byte(1, 2) }, { "abc", 2, 101, 97, 98 });
	t.same({ b:byte(9), b:sub(1) }, { nil, "abcdef" });
end);

t.case("limits", function ()
	t.same(dbuffer.new(0), nil);
	local b = dbuffer.new(5, 2);
	t.same({ b:write("abc"), b:write("def"), b:write("d"), b:write("e"), b:read(5) }, { true, nil, true, true, "abcde" });
end);

return t.finish();
