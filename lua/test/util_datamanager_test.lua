local t = require "test.harness";
local made = {};
local real_lfs, real_prosody = package.loaded["lfs"], prosody;
package.loaded["lfs"] = { mkdir = function (path) table.insert(made, path); end };
prosody = { paths = { data = "data" } };
local real = package.loaded["core.storagemanager"];
local stores = {};
package.loaded["core.storagemanager"] = { open = function (host, store)
	if host == "none" then return nil, "no such host"; end
	local data = stores[host..store] or {};
	stores[host..store] = data;
	return {
		get = function (_, user) return data[user]; end, set = function (_, user, value) data[user] = value; return true; end;
		users = function () return next, data; end;
	};
end };
package.loaded["util.datamanager"] = nil;
local datamanager = require "util.datamanager";

t.case("load and store", function ()
	t.same(datamanager.store("romeo", "host", "store", { a = 1 }), true);
	t.same(datamanager.load("romeo", "host", "store"), { a = 1 });
	t.same({ datamanager.load("x", "none", "store") }, { nil, "no such host" });
	for user in datamanager.users("host", "store") do t.same(user, "romeo"); end
end);

t.case("lists", function ()
	for i = 1, 3 do datamanager.list_append("romeo", "host", "list", { i }); end
	t.same(datamanager.list_load("romeo", "host", "list"), { { 1 }, { 2 }, { 3 } });
	datamanager.list_store("romeo", "host", "list", {});
	t.same(datamanager.list_load("romeo", "host", "list"), nil);
end);

t.case("callbacks", function ()
	local function refuse() return false; end
	datamanager.add_callback(refuse);
	t.same({ datamanager.store("juliet", "host", "store", { 1 }), datamanager.load("juliet", "host", "store") }, { true });
	t.same(datamanager.remove_callback(refuse), true);
end);

t.case("paths", function ()
	t.same(datamanager.getpath("romeo", "verona.lit", "muc_log/1"), "data/verona%2elit/muc_log%2f1/romeo.dat");
	t.same(datamanager.getpath(nil, "verona.lit", "persistent"), "data/verona%2elit/persistent.dat");
	t.same(datamanager.getpath(nil, nil, "version", "list"), "data/_global/version.list");
	t.same(made, {});
	datamanager.getpath("romeo", "verona.lit", "muc_log", nil, true);
	t.same(made, { "data", "data/verona%2elit", "data/verona%2elit/muc_log" });
	t.same(datamanager.path_decode(datamanager.path_encode("a-b")), "a-b");
end);

package.loaded["core.storagemanager"], package.loaded["util.datamanager"] = real, nil;
package.loaded["lfs"], prosody = real_lfs, real_prosody;
return t.finish();
