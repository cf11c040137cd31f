-- Rooms in the store (M21–M26, M180–M184): what is written, in which order, and how all of them are found.

local jid_split = require "util.jid".split;
local jid_prep = require "util.jid".prep;

local freezer = module:require "freeze";
local record = module:require "record";

local persistent_set = module:open_store("persistent", "map");
local persistent_list = module:open_store("persistent");
local configs = module:open_store("config");
local states = module:open_store("state");

local new_layout = module:get_option_boolean("new_muc_storage_format", true);

-- Returns a copy, and how many keys it has.
local function copy(data)
	local result, count = {}, 0;
	for key, value in pairs(data) do
		result[key] = value;
		count = count + 1;
	end
	return result, count;
end

-- Each of these writes may fail alone. The configuration decides: it is written last, and removed first. What the others leave behind
-- does no harm.
local function write(room, config, state)
	local node = jid_split(room.jid);
	if not room._is_stored then
		local listed, err = persistent_set:set(nil, room.jid, true);
		if not listed then return nil, err; end
	end
	local ok, err = true, nil;
	if state or not room._has_no_state then
		room._has_no_state = nil;
		ok, err = states:set(node, state);
		if not ok then return nil, err; end
		room._has_no_state = state == nil;
	end
	room._written_data = nil;
	ok, err = configs:set(node, config);
	if not ok then
		if state then
			states:set(node, nil); -- the room goes on in memory
		end
		return nil, err;
	end
	room._is_stored, room._written_data, room._written_keys = true, copy(room._data);
	return true;
end

-- Whether a table is as the copy of it that was made when it had so many keys. What is a table in it may have been changed in place.
local function is_same(data, other, count)
	for key, value in pairs(data) do
		if type(value) == "table" or other[key] ~= value then return false; end
		count = count - 1;
	end
	return count == 0;
end

-- Writes the affiliations of a set of bare JIDs without those of all others: what else has been changed in place is written with the next save.
-- Returns false if that cannot be done: the store does not have it, or the record is not as this process has written it.
local function save_people(room, people)
	if not (configs.patch and room._is_stored and room._written_data and room._has_no_state and room:get_persistent()) then
		return false;
	end
	local keys, affiliations, data = {}, {}, {};
	for jid in pairs(people) do
		affiliations[jid] = room._affiliations[jid] or configs.remove;
		data[jid] = room._affiliation_data[jid] or configs.remove;
	end
	if not is_same(room._data, room._written_data, room._written_keys) then
		keys._data, room._written_data, room._written_keys = room._data, copy(room._data);
	end
	local entries = { _affiliation_data = data };
	if new_layout then
		for jid, affiliation in pairs(affiliations) do
			keys[jid] = affiliation;
		end
	else
		entries._affiliations = affiliations;
	end
	return (configs:patch((jid_split(room.jid)), keys, entries));
end

-- What never was in the store costs no write. Returns true, or nil and an error when it is still there.
local function erase(room)
	if not room._is_stored then return true; end
	local node = jid_split(room.jid);
	local ok, err = configs:set(node, nil);
	if not ok then return nil, err; end
	room._is_stored, room._written_data, room._has_no_state = nil, nil, nil;
	local state_gone, unlisted = states:set(node, nil), persistent_set:set(nil, room.jid, nil);
	if not (state_gone and unlisted) then
		module:log("warn", "Room %s is gone, but something of it is left in the store", room.jid);
	end
	return true;
end

-- Writes everything, persistent or not, if with_state. Otherwise a room that is not persistent is removed if forced.
local function save(room, forced, with_state)
	if not room:get_persistent() and not with_state then
		return not forced or erase(room);
	end
	return write(room, room:freeze(with_state));
end

local reported = {}; -- room JID → what was wrong when it was last looked at

local function report(jid, err)
	if reported[jid] ~= err then
		module:log("error", "Room %s cannot be read, and is left as it is: %s", jid, err);
		reported[jid] = err;
	end
	return nil, err;
end

-- Returns the configuration, nil if there is none, or nil and an error if it is damaged.
local function read(jid)
	local config, err = configs:get((jid_split(jid)));
	if config then
		err = record.fault(config);
	end
	if err then
		return report(jid, err);
	end
	reported[jid] = nil;
	return config;
end

-- Returns the live state of a room that was swapped out, nil if there is none. A damaged one is not worth a room.
local function read_state(jid)
	local state, err = states:get((jid_split(jid)));
	if err then
		module:log("error", "The occupants of %s cannot be read, it comes back without: %s", jid, err);
		return nil;
	elseif state ~= nil and type(state) ~= "table" then
		return nil;
	end
	return state;
end

local function forget_state(jid)
	return states:set((jid_split(jid)), nil);
end

-- Where the list is damaged the records themselves tell which rooms there are.
local function jids_of_records()
	local jids = {};
	for node in configs:users() do
		jids[node.."@"..module.host] = true;
	end
	return jids;
end

-- A list of the JIDs of all rooms in the store.
local function stored_jids()
	local listed, err = persistent_list:get(nil);
	if err or (listed ~= nil and type(listed) ~= "table") then
		module:log("error", "The list of rooms cannot be read: %s", err or "it is not a table");
		listed = jids_of_records();
	end
	local jids = {};
	for jid in pairs(listed or {}) do
		local node, host, resource = jid_split(type(jid) == "string" and jid_prep(jid) or nil);
		if host == module.host and not resource then
			jids[#jids + 1] = node and node.."@"..host or host;
		else
			module:log("warn", "The list of rooms has an entry that is no room: %s", tostring(jid));
		end
	end
	return jids;
end

-- Calls f(jid, config) for each room in the store that can be read.
local function each_config(f)
	for _, jid in ipairs(stored_jids()) do
		local config = read(jid);
		if config then
			f(jid, config);
		end
	end
end

-- Returns the room as it was stored; nil if there is none; nil and an error if its record cannot be read; false if somebody objects.
local function restore(jid)
	local config, err = read(jid);
	if not config then
		return nil, err;
	elseif module:fire_event("muc-room-pre-restore", { jid = jid; data = config }) == false then
		return false;
	end
	record.mend(jid, config);
	local state = read_state(jid);
	local room = freezer.restore(jid, config, state);
	room._is_stored = true;
	return room, state;
end

return {
	save = save;
	save_people = save_people;
	erase = erase;
	restore = restore;
	forget_state = forget_state;
	jids = stored_jids;
	each_config = each_config;
};
