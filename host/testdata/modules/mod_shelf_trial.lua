local t = require "harness";
local test, equal = t.test, t.equal;
local storagemanager = require "core.storagemanager";

test("stores of a module's driver", function ()
	local keyval = module:open_store("boxes");
	equal(keyval:set("romeo", { a = 1, list = { "x", "y" } }), true);
	equal(keyval:get("romeo"), { a = 1, list = { "x", "y" } });
	equal({ keyval:get("nobody") }, {});
	equal({ keyval:set("romeo", { refused = true }) }, { nil, "the shelf is full" });
end);

test("map and keyval+ are made of keyval", function ()
	local map, plus = module:open_store("boxes", "map"), module:open_store("boxes", "keyval+");
	equal(map:set("juliet", "a", "b"), true);
	equal(map:get("juliet", "a"), "b");
	equal(plus:get("juliet"), { a = "b" });
	equal(plus:set_keys("juliet", { a = plus.remove, c = 3 }), true);
	equal(plus:get_key("juliet", "c"), 3);
	equal(plus:get_key_from_all("c"), { juliet = 3 });
	equal(map:delete_all("c"), true);
	equal((plus:get("juliet")), nil);
end);

test("what the driver does not have fails when it is used", function ()
	local archive = module:open_store("boxes", "archive");
	local id, err = archive:append("romeo", nil, require "util.stanza".message(), 0, "");
	equal(id, nil);
	equal(err:match("no stores of type \"archive\""), "no stores of type \"archive\"");
end);

test("drivers by name", function ()
	local driver, name = storagemanager.get_driver(module.host, "boxes");
	equal(name, "shelf");
	equal(driver:open("boxes").name, "boxes");
	equal(driver, storagemanager.load_driver(module.host, "shelf"));
	equal((storagemanager.load_driver(module.host, "nowhere")), nil);
	local memory = storagemanager.load_driver(module.host, "memory");
	memory:open("things"):set("romeo", { 1 });
	equal(memory:stores("romeo")(), "things");
end);

test("store-opened may put another store in its place", function ()
	module:hook("store-opened", function (event)
		if event.store_name == "wrapped" then
			local inner = event.store;
			event.store = { get = function (_, user) return { user, (inner:get(user)) }; end, set = function (_, ...) return inner:set(...); end };
		elseif event.store_name == "forbidden" then
			event.store, event.store_err = nil, "not here";
		end
	end);
	local store = module:open_store("wrapped");
	store:set("romeo", { x = 1 });
	equal(store:get("romeo"), { "romeo", { x = 1 } });
	equal({ module:open_store("forbidden") }, { nil, "not here" });
end);
