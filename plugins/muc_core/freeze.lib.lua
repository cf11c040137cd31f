-- Rooms as they are stored: configuration, and for rooms that are swapped out the live state (M24, M25, M180–M184).

local st = require "util.stanza";
local jid_split = require "util.jid".split;

local util = module:require "util";
local occupants = module:require "occupant";

local new_layout = module:get_option_boolean("new_muc_storage_format", true);

local function freeze_config(room)
	local config = { _data = room._data; _affiliation_data = room._affiliation_data };
	if not new_layout then
		config.jid, config._affiliations = room.jid, room._affiliations;
		return config;
	end
	config._jid = room.jid;
	for jid, affiliation in pairs(room._affiliations) do
		config[jid] = affiliation;
	end
	return config;
end

local function freeze_state(room)
	local state = {};
	for occupant_jid, occupant in room:each_occupant() do
		state[occupant_jid] = { bare_jid = occupant.bare_jid; role = occupant.role; jid = occupant.jid };
		for full_jid, presence in occupant:each_session() do
			state[full_jid] = st.preserialize(presence);
		end
	end
	local last = room._history and room._history[#room._history];
	if last and last.stanza then
		state._last_message, state._last_message_at = st.preserialize(last.stanza), last.timestamp;
	end
	return state;
end

local methods = {};

-- Returns the configuration and, if live, the state.
function methods:freeze(live)
	return freeze_config(self), live and freeze_state(self) or nil;
end

-- In the newer layout every key that is a bare JID or a domain is an affiliation.
local function read_affiliations(config)
	if config._affiliations then
		return config._affiliations;
	end
	local affiliations = {};
	for key, value in pairs(config) do
		local _, _, resource = jid_split(key);
		if key:sub(1, 1) ~= "_" and key ~= "jid" and not resource then
			affiliations[key] = value;
		end
	end
	return affiliations;
end

local function is_presence(value)
	return type(value) == "table" and value.name == "presence" and type(value.attr) == "table";
end

-- Returns the stanza, nil if the value is not quite one.
local function read_stanza(value)
	local is_stanza, stanza = pcall(st.deserialize, value);
	return is_stanza and st.is_stanza(stanza) and stanza or nil;
end

local function read_occupant(key, value)
	if type(value.bare_jid) ~= "string" or (value.role ~= nil and not util.valid_roles[value.role]) then
		module:log("warn", "What is stored of the occupant %s makes no sense and is ignored", key);
		return nil;
	end
	local occupant = occupants.new(value.bare_jid, key);
	occupant.role, occupant.jid = value.role, value.jid;
	return occupant;
end

-- What is damaged is left out: who it stands for joins again. Occupants first, then their sessions: a presence belongs to whom it comes from.
local function restore_occupants(room, state)
	local found = {};
	for key, value in pairs(state) do
		if type(key) == "string" and key:sub(1, #room.jid + 1) == room.jid.."/" and type(value) == "table" and not is_presence(value) then
			found[key] = read_occupant(key, value);
		end
	end
	for key, value in pairs(state) do
		local presence = is_presence(value) and read_stanza(value);
		local occupant = presence and found[presence.attr.from];
		if occupant then
			occupant:set_session(key, presence);
		end
	end
	for _, occupant in pairs(found) do
		room:save_occupant(occupant);
	end
end

local function restore_last_message(room, state)
	local message = read_stanza(state._last_message);
	if message and type(state._last_message_at) == "number" then
		room._history = { { stanza = message; timestamp = state._last_message_at } };
	end
end

-- config is sound (see record.lib.lua). state may be nil: very old data has occupants within the configuration.
local function restore(jid, config, state)
	local room = new_room(jid, config._data);
	room._affiliations = read_affiliations(config);
	room._affiliation_data = config._affiliation_data or {};
	if state then
		restore_last_message(room, state);
	end
	restore_occupants(room, state or config);
	return room;
end

return { methods = methods, restore = restore };
