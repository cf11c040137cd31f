local t = require "test.harness";
local lfs = require "lfs";

local root = os.tmpname();
os.remove(root);
local datafiles = require "util.datafiles";
datafiles.set_data_path(root);

local function all(iterator)
	local list = {};
	for value in iterator do table.insert(list, value); end
	table.sort(list);
	return list;
end

t.case("tables", function ()
	t.same(datafiles.store("romeo", "verona.lit", "store", { a = 1, ["b\n"] = { true } }), true);
	t.same(datafiles.load("romeo", "verona.lit", "store"), { a = 1, ["b\n"] = { true } });
	t.same({ datafiles.load("juliet", "verona.lit", "store") }, {});
	datafiles.store("romeo", "verona.lit", "other", { 1 });
	t.same(datafiles.store("romeo", "verona.lit", "other", {}), true);
	t.same({ datafiles.load("romeo", "verona.lit", "other") }, {});
end);

t.case("what belongs to the host", function ()
	datafiles.store(nil, "verona.lit", "rooms", { x = true });
	t.same(datafiles.load(nil, "verona.lit", "rooms"), { x = true });
	t.same(lfs.attributes(root.."/verona%2elit/rooms.dat", "mode"), "file");
	t.same(all(datafiles.stores(nil, "verona.lit")), { "rooms" });
end);

t.case("lists", function ()
	for i = 1, 3 do t.same(datafiles.list_append("romeo", "verona.lit", "list", { i }), true); end
	t.same(datafiles.list_load("romeo", "verona.lit", "list"), { { 1 }, { 2 }, { 3 } });
	datafiles.list_store("romeo", "verona.lit", "list", { { "x" } });
	t.same(datafiles.list_load("romeo", "verona.lit", "list"), { { "x" } });
	t.same(all(datafiles.stores("romeo", "verona.lit")), { "list", "store" });
	t.same(all(datafiles.users("verona.lit", "list", "list")), { "romeo" });
	t.same(all(datafiles.users("verona.lit", "list")), {});
	datafiles.list_store("romeo", "verona.lit", "list", {});
	t.same({ datafiles.list_load("romeo", "verona.lit", "list") }, {});
end);

t.case("damaged files", function ()
	local path = datafiles.getpath("mercutio", "verona.lit", "store", nil, true);
	datafiles.store_raw(path, "return { plague");
	local data, err = datafiles.load("mercutio", "verona.lit", "store");
	t.same(data, nil);
	t.same(type(err), "string");
end);

t.case("callbacks", function ()
	local function refuse(username, ...) return username ~= "juliet" and username, ...; end
	datafiles.add_callback(refuse);
	t.same({ datafiles.store("juliet", "verona.lit", "store", { 1 }), datafiles.load("juliet", "verona.lit", "store") }, { true });
	t.same(datafiles.remove_callback(refuse), true);
end);

t.case("paths", function ()
	t.same(datafiles.getpath("romeo", "verona.lit", "muc_log/1"), root.."/verona%2elit/muc_log%2f1/romeo.dat");
	t.same(datafiles.getpath(nil, nil, "version", "list"), root.."/_global/version.list");
	t.same(datafiles.path_decode(datafiles.path_encode("a-b")), "a-b");
end);

t.case("purge", function ()
	t.same(datafiles.purge("romeo", "verona.lit"), true);
	t.same(all(datafiles.stores("romeo", "verona.lit")), {});
	t.same(datafiles.load(nil, "verona.lit", "rooms"), { x = true });
end);

os.remove(root.."/verona%2elit/rooms.dat");
os.remove(root.."/verona%2elit/store/mercutio.dat");
for _, folder in ipairs { "/verona%2elit/store", "/verona%2elit/other", "/verona%2elit/list", "/verona%2elit", "" } do
	lfs.rmdir(root..folder);
end
datafiles.set_data_path(nil);
t.same(lfs.attributes(root), nil);
return t.finish();
