local t = require "test.harness";
local real, real_files = package.loaded["core.storagemanager"], package.loaded["util.datafiles"];
local stores = {};
package.loaded["util.datafiles"] = { list_load = function () return { "a list" }; end, load = error };
package.loaded["core.storagemanager"] = {
	open = function (host, store)
		if host == "none" then return nil, "no such host"; end
		local data = stores[host..store] or {};
		stores[host..store] = data;
		return {
			get = function (_, user) return data[user]; end, set = function (_, user, value) data[user] = value; return true; end;
			users = function () return next, data; end;
		};
	end;
	purge = function (user, host) return user.." of "..host.." is gone"; end;
	get_driver = function (host) return { stores = function (_, user, kind) return host..user..kind; end }; end;
};
package.loaded["util.datamanager"] = nil;
local datamanager = require "util.datamanager";

t.case("tables go to the driver", function ()
	t.same(datamanager.store("romeo", "host", "store", { a = 1 }), true);
	t.same(datamanager.load("romeo", "host", "store"), { a = 1 });
	t.same({ datamanager.load("x", "none", "store") }, { nil, "no such host" });
	for user in datamanager.users("host", "store") do t.same(user, "romeo"); end
	t.same(datamanager.stores("u", "h", "k"), "huk");
	t.same(datamanager.purge("romeo", "host"), "romeo of host is gone");
end);

t.case("lists are files", function () t.same(datamanager.list_load("romeo", "host", "list"), { "a list" }); end);

package.loaded["core.storagemanager"], package.loaded["util.datafiles"], package.loaded["util.datamanager"] = real, real_files, nil;
return t.finish();
