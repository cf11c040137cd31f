local t = require "harness";
local test, equal, raises = t.test, t.equal, t.raises;
local st = require "util.stanza";

test("keyval", function ()
	local store = assert(module:open_store());
	equal({ store:get("romeo") }, {});
	local data = { text = "x", n = 1.5, yes = true, no = false, list = { "a", "b", { c = 1 } }, [3] = "three" };
	equal(store:set("romeo", data), true);
	equal(store:get("romeo"), data);
	data.text = "changed";
	equal(store:get("romeo").text, "x");
	equal(store:set(nil, { host = "wide" }), true);
	equal(store:get(nil), { host = "wide" });
	local users = {};
	for user in store:users() do table.insert(users, user); end
	equal(users, { "romeo" });
	equal(store:set("romeo", nil), true);
	equal(store:get("romeo"), nil);
end);

test("a stanza, kept through preserialize and back", function ()
	local store = module:open_store("stanzas");
	local m = st.message({ to = "a@b" }):tag("x", { xmlns = "urn:x" }):text("hi"):up();
	equal(store:set("romeo", { st.preserialize(m) }), true);
	local back = st.deserialize(store:get("romeo")[1]);
	equal(tostring(back), tostring(m));
end);

test("what cannot be stored is an error, nothing else happens", function ()
	local store = module:open_store("odd");
	store:set("romeo", { before = true });
	local ok, err = store:set("romeo", { f = function () end });
	equal(ok, nil);
	equal(type(err), "string");
	equal(store:get("romeo"), { before = true });
	local circle = {}; circle.circle = circle;
	equal((store:set("romeo", circle)), nil);
end);

test("map", function ()
	local map = module:open_store("map", "map");
	equal(map:get("romeo", "k"), nil);
	equal(map:set("romeo", "k", { 1, 2 }), true);
	equal(map:set("juliet", "k", "v"), true);
	equal(map:get("romeo", "k"), { 1, 2 });
	equal(map:get_all("k"), { romeo = { 1, 2 }, juliet = "v" });
	equal(map:set_keys("romeo", { k = map.remove, other = "o" }), true);
	equal(map:get("romeo", "k"), nil);
	equal(map:get("romeo", "other"), "o");
	equal(map:set(nil, "k", "host"), true);
	equal(map:get(nil, "k"), "host");
	equal(map:delete_all("k"), true);
	equal(map:get("juliet", "k"), nil);
	equal(module:open_store("map"):get("romeo"), { other = "o" });
end);

test("keyval+", function ()
	local store = module:open_store("plus", "keyval+");
	equal(store:set("romeo", { a = 1, b = 2 }), true);
	equal(store:get_key("romeo", "a"), 1);
	equal(store:set_key("romeo", "a", 3), true);
	equal(store:get("romeo"), { a = 3, b = 2 });
	equal(store:get_key_from_all("b"), { romeo = 2 });
	equal(store:set_keys("romeo", { a = store.remove, c = 5 }), true);
	equal(store:get("romeo"), { b = 2, c = 5 });
	equal(store:delete_key_from_all("b"), true);
	equal(store:get("romeo"), { c = 5 });
	local users = {};
	for user in store:users() do table.insert(users, user); end
	equal(users, { "romeo" });
	local seen = {};
	for user, data in store:items() do seen[user] = data; end
	equal(seen, { romeo = { c = 5 } });
end);

test("patches", function ()
	local store = module:open_store("patched");
	equal(store:set("room", { kept = "k", gone = "g", about = { a = { n = 1 }, b = true } }), true);
	equal(store:patch("room", { gone = store.remove, new = { 1, 2 } }, { about = { a = store.remove, c = { n = 2 } } }), true);
	equal(store:get("room"), { kept = "k", new = { 1, 2 }, about = { b = true, c = { n = 2 } } });
	local ok, err = store:patch("room", {}, { about = { b = false, f = function () end } });
	equal({ ok, type(err) }, { nil, "string" });
	equal(store:get("room").about.b, true);
end);

test("nothing is patched past a store that stands before another", function ()
	local store = module:open_store("patched2");
	local before = setmetatable({ set = function () return true; end }, { __index = store });
	local ok, err = before:patch("room", { a = 1 }, {});
	equal({ ok, type(err) }, { nil, "string" });
	local set = store.set;
	function store:set(...) return set(self, ...); end
	ok, err = store:patch("room", { a = 1 }, {});
	equal({ ok, type(err) }, { nil, "string" });
	equal(store:get("room"), nil);
end);

test("archive", function ()
	local archive = module:open_store("archive", "archive");
	local function msg(body) return st.message({ to = "x@y" }, body); end
	local a = archive:append("romeo", nil, msg "one", 1000, "juliet@localhost");
	local b = archive:append("romeo", "my-key", msg "two", 2000, "nurse@localhost");
	local c = archive:append("romeo", nil, msg "three", 3000, "juliet@localhost");
	equal({ type(a), b, type(c) }, { "string", "my-key", "string" });
	local function bodies(query)
		local list = {};
		local iter, total = archive:find("romeo", query);
		for id, stanza, when, with in iter do
			table.insert(list, stanza:get_child_text("body") .. "@" .. when .. " " .. with);
		end
		return list, total;
	end
	equal(bodies(nil), { "one@1000 juliet@localhost", "two@2000 nurse@localhost", "three@3000 juliet@localhost" });
	equal(bodies({ with = "nurse@localhost" }), { "two@2000 nurse@localhost" });
	equal(bodies({ start = 1500, ["end"] = 2500 }), { "two@2000 nurse@localhost" });
	equal(bodies({ after = a, limit = 1 }), { "two@2000 nurse@localhost" });
	equal(bodies({ before = c, reverse = true, limit = 1 }), { "two@2000 nurse@localhost" });
	local _, total = bodies({ limit = 1, total = true });
	equal(total, 3);
	equal({ archive:find("romeo", { after = "unknown" }) }, { nil, "item-not-found" });
	equal(archive:get("romeo", "my-key"):get_child_text("body"), "two");
	equal(archive:set("romeo", "my-key", msg "two again", 2000, "nurse@localhost"), true);
	equal((archive:get("romeo", "my-key")):get_child_text("body"), "two again");
	equal(archive:summary("romeo").counts, { ["juliet@localhost"] = 2, ["nurse@localhost"] = 1 });
	equal(archive:dates("romeo"), { "1970-01-01" });
	equal(archive:delete("romeo", { ["end"] = 1500 }), 1);
	equal(#bodies(), 2);
	equal(type(archive.caps), "table");
	equal(archive:delete("romeo"), 2);
end);

test("global modules have no stores of their own", function ()
	equal({ module:context("*"):open_store("x") }, { nil, "global-storage-not-supported" });
	local elsewhere = module:context("other.localhost"):open_store("x");
	elsewhere:set("u", { 1 });
	equal(module:open_store("x"):get("u"), nil);
	equal(require "core.storagemanager".open("other.localhost", "x"):get("u"), { 1 });
end);

test("store-opened tells, and may replace the store", function ()
	local seen;
	module:hook("store-opened", function (event)
		if event.store_name ~= "watched" then return; end
		seen = { event.host, event.store_name, event.store_type };
		local inner = event.store;
		event.store = setmetatable({ get = function (_, user) return inner:get(user) or "replaced"; end }, { __index = inner });
	end);
	local store = module:open_store("watched");
	equal(seen, { module.host, "watched", "keyval" });
	equal(store:get("romeo"), "replaced");
	store:set("romeo", { 1 });
	equal(store:get("romeo"), { 1 });
end);
