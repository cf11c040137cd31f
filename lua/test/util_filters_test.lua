local t = require "test.harness";
local filters = require "util.filters";

local function append(text)
	return function (data) return data..text; end;
end

t.case("order and removal", function ()
	local session, b = {}, append "b";
	filters.add_filter(session, "bytes/in", b);
	filters.add_filter(session, "bytes/in", append "a", 10);
	filters.add_filter(session, "bytes/in", append "c");
	filters.add_filter(session, "bytes/in", b, 99); -- already there
	t.same(session.filter("bytes/in", ""), "abc");
	t.same({ filters.remove_filter(session, "bytes/in", b), filters.remove_filter(session, "bytes/in", b) }, { true });
	t.same(session.filter("bytes/in", ""), "ac");
	t.same(session.filter("bytes/out", "same"), "same");
end);

t.case("nil drops", function ()
	local session, seen = {}, 0;
	filters.add_filter(session, "stanzas/in", function () return nil; end, 1);
	filters.add_filter(session, "stanzas/in", function (data) seen = seen + 1; return data; end);
	t.same({ session.filter("stanzas/in", {}), seen }, { nil, 0 });
end);

t.case("hooks of new sessions", function ()
	local n = 0;
	local function hook(session) n = n + 1; filters.add_filter(session, "bytes/in", append "x"); end
	filters.add_filter_hook(hook);
	t.same(filters.initialize({})("bytes/in", ""), "x");
	filters.remove_filter_hook(hook);
	filters.initialize({});
	t.same(n, 1);
end);

return t.finish();
