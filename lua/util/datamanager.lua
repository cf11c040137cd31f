-- util.datamanager: the old way to stores, by user, host and store. Goes to the host's storage driver, whatever that is; new code takes
-- module:open_store(). A list is a keyval store that holds an array.

local storagemanager = require "core.storagemanager";
local mkdir = require "lfs".mkdir;

local datamanager = {};
local callbacks = {};

local function open(host, store)
	return storagemanager.open(host, store, "keyval");
end

local function encode(text, safe)
	return text and (text:gsub("[^"..safe.."]", function (byte)
		return ("%%%02x"):format(byte:byte());
	end));
end

function datamanager.path_encode(text)
	return encode(text, "%w");
end

function datamanager.path_decode(text)
	return text and (text:gsub("%%(%x%x)", function (digits)
		return string.char(tonumber(digits, 16));
	end));
end

-- Where the file is that the driver "internal" keeps such data in; with other drivers there is none. create: makes its folder.
function datamanager.getpath(username, host, store, extension, create)
	local path = prosody.paths.data or ".";
	local folders = { host and encode(host, "%w") or "_global" };
	local name = encode(store, "%w_");
	if username then
		table.insert(folders, name);
		name = encode(username, "%w");
	end
	if create then
		mkdir(path);
	end
	for _, folder in ipairs(folders) do
		path = path.."/"..folder;
		if create then
			mkdir(path);
		end
	end
	return path.."/"..name.."."..(extension or "dat");
end

-- The data, or nil; nil, error on failure.
function datamanager.load(username, host, store)
	local keyval, err = open(host, store);
	if not keyval then
		return nil, err;
	end
	return keyval:get(username);
end

-- nil deletes. A callback may change the user, host, store or data by returning others, or prevent storing by returning false.
function datamanager.store(username, host, store, data)
	for _, callback in ipairs(callbacks) do
		username, host, store, data = callback(username, host, store, data);
		if username == false then
			return true;
		end
	end
	local keyval, err = open(host, store);
	if not keyval then
		return nil, err;
	end
	return keyval:set(username, data);
end

function datamanager.add_callback(callback)
	table.insert(callbacks, callback);
end

function datamanager.remove_callback(callback)
	for i, known in ipairs(callbacks) do
		if known == callback then
			table.remove(callbacks, i);
			return true;
		end
	end
end

datamanager.list_load = datamanager.load;

function datamanager.list_store(username, host, store, list)
	return datamanager.store(username, host, store, list and next(list) ~= nil and list or nil);
end

function datamanager.list_append(username, host, store, item)
	local list, err = datamanager.list_load(username, host, store);
	if not list and err then
		return nil, err;
	end
	list = list or {};
	list[#list+1] = item;
	return datamanager.list_store(username, host, store, list);
end

-- Iterates the names of the users that have data there.
function datamanager.users(host, store)
	local keyval, err = open(host, store);
	if not keyval then
		return nil, err;
	end
	return keyval:users();
end

return datamanager;
