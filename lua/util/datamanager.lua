-- util.datamanager: the old way to stores, by user, host and store. Tables go to the host's storage driver, whatever that is; lists and the rest
-- are files of the data directory (util.datafiles). New code takes module:open_store().

local storagemanager = require "core.storagemanager";

local datamanager = {};
for name, f in pairs(require "util.datafiles") do
	datamanager[name] = f;
end

function datamanager.load(username, host, store)
	local keyval, err = storagemanager.open(host, store, "keyval");
	if not keyval then return nil, err; end
	return keyval:get(username);
end

-- nil deletes.
function datamanager.store(username, host, store, data)
	local keyval, err = storagemanager.open(host, store, "keyval");
	if not keyval then return nil, err; end
	return keyval:set(username, data);
end

-- Iterates the names of the users that have data there.
function datamanager.users(host, store, kind)
	local opened, err = storagemanager.open(host, store, kind or "keyval");
	if not opened then return nil, err; end
	return opened:users();
end

function datamanager.stores(username, host, kind)
	return storagemanager.get_driver(host):stores(username, kind);
end

function datamanager.purge(username, host)
	return storagemanager.purge(username, host);
end

return datamanager;
