-- util.datafiles: what core.storagemanager calls olddm, the files of the data directory. DATA/HOST/STORE/USER.dat is a table as Lua source,
-- USER.list a list of item(TABLE); host nil is "_global", user nil what belongs to the host itself (DATA/HOST/STORE.dat).

local lfs = require "lfs";
local serialize = require "util.serialization".serialize;
local envload = require "util.envload".envload;

local datafiles = {};
local callbacks = {};
local data_path;

local function encode(text, safe)
	return text and (text:gsub("[^"..safe.."]", function (byte)
		return ("%%%02x"):format(byte:byte());
	end));
end

function datafiles.path_encode(text)
	return encode(text, "%w");
end

function datafiles.path_decode(text)
	return text and (text:gsub("%%(%x%x)", function (digits)
		return string.char(tonumber(digits, 16));
	end));
end

function datafiles.set_data_path(path)
	data_path = path;
end

local function host_path(host)
	return (data_path or prosody.paths.data or ".").."/"..(host and encode(host, "%w") or "_global");
end

local function store_path(host, store)
	return host_path(host).."/"..encode(store, "%w_");
end

-- create: makes its folder.
function datafiles.getpath(username, host, store, extension, create)
	if create then
		lfs.mkdir(data_path or prosody.paths.data or ".");
		lfs.mkdir(host_path(host));
		if username then lfs.mkdir(store_path(host, store)); end
	end
	local path = store_path(host, store);
	if username then
		path = path.."/"..encode(username, "%w");
	end
	return path.."."..(extension or "dat");
end

local function exists(path)
	return lfs.attributes(path, "mode") == "file";
end

-- The chunk of a file; nil if there is none, nil and why if it cannot be read.
local function read(path, env)
	local file, err = io.open(path, "r");
	if not file then
		if exists(path) then return nil, err; end
		return nil;
	end
	local text = file:read("*a");
	file:close();
	if not text then
		return nil, "cannot read "..path;
	end
	return envload(text, "="..path, env);
end

-- Replaces a file in one step: who reads it meanwhile reads the old one.
function datafiles.store_raw(path, text)
	local scratch = path.."~";
	local file, err = io.open(scratch, "w");
	if not file then return nil, err; end
	local ok;
	ok, err = file:write(text);
	file:close();
	if ok then
		ok, err = os.rename(scratch, path);
	end
	if not ok then
		os.remove(scratch);
		return nil, err;
	end
	return true;
end

local function remove(path)
	if not exists(path) then return true; end
	return os.remove(path);
end

-- Who, where and what is to be stored, after the callbacks; false if one of them prevents it.
local function ask_callbacks(username, host, store, data)
	for _, callback in ipairs(callbacks) do
		username, host, store, data = callback(username, host, store, data);
		if username == false then break; end
	end
	return username, host, store, data;
end

-- callback(username, host, store, data) returns what is to be stored instead, or false.
function datafiles.add_callback(callback)
	table.insert(callbacks, callback);
end

function datafiles.remove_callback(callback)
	for i, known in ipairs(callbacks) do
		if known == callback then
			table.remove(callbacks, i);
			return true;
		end
	end
end

-- The data, or nil; nil and why if they cannot be read.
function datafiles.load(username, host, store)
	local chunk, err = read(datafiles.getpath(username, host, store), {});
	if not chunk then return nil, err; end
	local ok, data = pcall(chunk);
	if not ok then return nil, data; end
	return data;
end

-- Nil or an empty table deletes.
function datafiles.store(username, host, store, data)
	username, host, store, data = ask_callbacks(username, host, store, data or {});
	if username == false then return true; end
	if not data or next(data) == nil then
		return remove(datafiles.getpath(username, host, store));
	end
	return datafiles.store_raw(datafiles.getpath(username, host, store, nil, true), "return "..serialize(data)..";\n");
end

function datafiles.append_raw(username, host, store, extension, text)
	if type(text) ~= "string" then return nil, "only strings can be appended"; end
	local file, err = io.open(datafiles.getpath(username, host, store, extension, true), "a");
	if not file then return nil, err; end
	local ok;
	ok, err = file:write(text);
	file:close();
	if not ok then return nil, err; end
	return true;
end

function datafiles.list_append(username, host, store, item)
	if not item then return nil, "no item"; end
	username, host, store = ask_callbacks(username, host, store, item);
	if username == false then return true; end
	return datafiles.append_raw(username, host, store, "list", "item("..serialize(item)..");\n");
end

function datafiles.list_store(username, host, store, list)
	username, host, store, list = ask_callbacks(username, host, store, list or {});
	if username == false then return true; end
	local path = datafiles.getpath(username, host, store, "list", true);
	if not list or list[1] == nil then
		return remove(path);
	end
	local lines = {};
	for i, item in ipairs(list) do
		lines[i] = "item("..serialize(item)..");\n";
	end
	return datafiles.store_raw(path, table.concat(lines));
end

function datafiles.list_load(username, host, store)
	local items = {};
	local chunk, err = read(datafiles.getpath(username, host, store, "list"), { item = function (item) table.insert(items, item); end });
	if not chunk then return nil, err; end
	local ok, why = pcall(chunk);
	if not ok then return nil, why; end
	return items;
end

local function extension_of(kind)
	return (kind == "list" or kind == "archive") and "list" or "dat";
end

local function each_file(path, f)
	if lfs.attributes(path, "mode") ~= "directory" then return; end
	for name in lfs.dir(path) do
		if name:sub(1, 1) ~= "." then f(name, path.."/"..name); end
	end
end

local function iterate(list)
	local i = 0;
	return function ()
		i = i + 1;
		return list[i];
	end;
end

-- Iterates the names of those who have data there. kind: "list" for lists, else tables.
function datafiles.users(host, store, kind)
	local names = {};
	each_file(store_path(host, store), function (name)
		local user, extension = name:match("^(.+)%.(%a+)$");
		if extension == extension_of(kind) then
			table.insert(names, datafiles.path_decode(user));
		end
	end);
	return iterate(names);
end

-- Iterates the stores in which a user, or the host itself, has data. kind: "keyval", "list"; nil for both.
function datafiles.stores(username, host, kind)
	local found, seen = {}, {};
	local function add(store)
		if not seen[store] then
			seen[store] = true;
			table.insert(found, datafiles.path_decode(store));
		end
	end
	for _, extension in ipairs(kind and { extension_of(kind) } or { "dat", "list" }) do
		each_file(host_path(host), function (name, path)
			if not username then
				local store = name:match("^(.+)%."..extension.."$");
				if store then add(store); end
			elseif exists(path.."/"..encode(username, "%w").."."..extension) then
				add(name);
			end
		end);
	end
	return iterate(found);
end

-- Removes all that a user has.
function datafiles.purge(username, host)
	local errors = {};
	each_file(host_path(host), function (_, path)
		for _, extension in ipairs { "dat", "list" } do
			local ok, err = remove(path.."/"..encode(username, "%w").."."..extension);
			if not ok then table.insert(errors, err); end
		end
	end);
	if errors[1] then return nil, table.concat(errors, ", "); end
	return true;
end

return datafiles;
