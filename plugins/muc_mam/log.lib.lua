-- Which rooms are archived, and where (M121, M122). Has no side effects beyond opening the store.

local jid_split = require "util.jid".split;

local xmlns = module:require "xmlns";

local log_all_rooms = module:get_option_boolean("muc_log_all_rooms", false);
local log_by_default = module:get_option_boolean("muc_log_by_default", true);

local store, err = module:open_store("muc_log", "archive");
if not store or not store.find then
	error("there is no archive store: "..(err or "the driver keeps no archives"), 0);
end

-- The key of a room's archive.
local function node(room)
	return (jid_split(room.jid));
end

local function is_archived(room)
	if log_all_rooms then return true; end
	local chosen = room._data.archiving; -- by an owner
	if chosen == nil then return log_by_default; end
	return chosen;
end

-- Makes an archived stanza fit for readers. Who said it stands in the copy if the room was non-anonymous then; now it may not be.
local function uncover(room, stanza)
	if room:get_whois() ~= "anyone" then
		stanza:remove_children("x", xmlns.user);
	end
	return stanza;
end

return {
	store = store;
	caps = store.caps or {};
	node = node;
	is_archived = is_archived;
	all_rooms = log_all_rooms;
	uncover = uncover;
	groupchat = "message<groupchat"; -- what messages are filed under; presences are filed under others
};
