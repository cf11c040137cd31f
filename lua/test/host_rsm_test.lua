local t = require "test.harness";
local rsm = require "util.rsm";
local st = require "util.stanza";

t.case("there and back", function ()
	local page = { max = 10, before = true, after = "a", last = "z", count = 3, index = 0, first = { "b", index = 2 } };
	t.same(rsm.parse(rsm.generate(page)), page);
	t.same(rsm.parse(rsm.generate { before = "x", first = "y", unknown = 1 }), { before = "x", first = { "y" } });
end);

t.case("get", function ()
	local query = st.stanza("query"):add_child(rsm.generate { max = 5 });
	t.same(rsm.get(query), { max = 5 });
	t.same(rsm.get(st.stanza("query")), nil);
	t.same(rsm.get(st.stanza("query"):add_child(rsm.generate {})), nil);
end);

return t.finish();
