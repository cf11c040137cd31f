-- Rooms as they are stored: configuration, and for rooms that are swapped out the live state (M24, M25, M180–M184).

local st = require "util.stanza";
local jid_split = require "util.jid".split;

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
	if last then
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
		if type(value) == "string" and key:sub(1, 1) ~= "_" and key ~= "jid" and not resource then
			affiliations[key] = value;
		end
	end
	return affiliations;
end

local function is_presence(value)
	return type(value) == "table" and value.name == "presence" and value.attr ~= nil;
end

-- Occupants first, then their sessions: a presence belongs to whom it comes from.
local function restore_occupants(room, state)
	local found = {};
	for key, value in pairs(state) do
		if key:sub(1, #room.jid + 1) == room.jid.."/" and type(value) == "table" and not is_presence(value) then
			local occupant = occupants.new(value.bare_jid, key);
			occupant.role, occupant.jid = value.role, value.jid;
			found[key] = occupant;
		end
	end
	for key, value in pairs(state) do
		local occupant = is_presence(value) and found[value.attr.from];
		if occupant then
			occupant:set_session(key, st.deserialize(value));
		end
	end
	for _, occupant in pairs(found) do
		room:save_occupant(occupant);
	end
end

-- state may be nil: very old data has occupants within the configuration.
local function restore(config, state)
	local room = new_room(config._jid or config.jid, config._data);
	room._affiliations = read_affiliations(config);
	room._affiliation_data = config._affiliation_data or {};
	if state and state._last_message and state._last_message_at then
		room._history = { { stanza = st.deserialize(state._last_message); timestamp = state._last_message_at } };
	end
	restore_occupants(room, state or config);
	return room;
end

return { methods = methods, restore = restore };
