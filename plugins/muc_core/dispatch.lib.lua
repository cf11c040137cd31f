-- From stanzas to rooms (M9–M11).

local jid_bare = require "util.jid".bare;
local jid_prep = require "util.jid".prep;
local jid_split = require "util.jid".split;

local refusal = module:require "refusal";
local xmlns = module:require "xmlns";
local get_room = get_room_from_jid; -- a global is a field that is looked for

local get_attr = require "util.stanza".stanza_mt.__index.get_attr;

local function refuse(origin, stanza, ...)
	if stanza.attr.type == "error" or stanza.attr.type == "result" then return; end
	origin.send(refusal(stanza, ...));
	return true;
end

-- Who makes a room names it and has a nick there (XEP-0045 #enter-nonick). The service itself is no room.
local function create(room_jid, origin, stanza)
	local node, _, nick = jid_split(stanza.attr.to);
	if not node or not nick then
		return refuse(origin, stanza, "modify", "jid-malformed", "A room and a nickname are expected", module.host);
	end
	return new_room(room_jid):handle_first_presence(origin, stanza);
end

local function handle_absent(room_jid, origin, stanza)
	if not jid_prep(room_jid, true) then
		return refuse(origin, stanza, "modify", "jid-malformed", nil, module.host);
	elseif stanza.name == "presence" and stanza.attr.type == nil and stanza:get_child("x", xmlns.muc) then
		return create(room_jid, origin, stanza);
	end
	return refuse(origin, stanza, "cancel", "item-not-found", "There is no such room", module.host);
end

-- A handler for stanza events: finds the room and calls its method of this name with origin and stanza.
-- A room whose record cannot be read is answered for, but never made anew, or it would be overwritten.
local function room_handler(method)
	return function (event)
		local origin, stanza = event.origin, event.stanza;
		local room_jid = jid_bare(get_attr(stanza, "to"));
		local room, err = get_room(room_jid);
		if room then
			if not room._data.destroyed then
				return room[method](room, origin, stanza);
			elseif room:answer_as_tombstone(origin, stanza) then
				return true;
			end
		elseif err then
			return refuse(origin, stanza, "wait", "internal-server-error", nil, room_jid);
		elseif room == false then
			return refuse(origin, stanza, "wait", "resource-constraint", nil, module.host);
		end
		return handle_absent(room_jid, origin, stanza);
	end;
end

local to_room = {
	["message"] = "handle_message_to_room";
	["presence"] = "handle_presence_to_room";
	["iq-get:"..xmlns.disco_info] = "handle_disco_info_get_query";
	["iq-get:"..xmlns.disco_items] = "handle_disco_items_get_query";
	["iq-get:"..xmlns.admin] = "handle_admin_query_get_command";
	["iq-set:"..xmlns.admin] = "handle_admin_query_set_command";
	["iq-get:"..xmlns.owner] = "handle_owner_query_get_to_room";
	["iq-set:"..xmlns.owner] = "handle_owner_query_set_to_room";
};
local to_occupant = {
	["message/full"] = "handle_message_to_occupant";
	["presence/full"] = "handle_presence_to_occupant";
	["iq/full"] = "handle_iq_to_occupant";
};

-- All below the usual priorities, so that other modules can take a stanza before the room sees it.
local priority = -2;

for key, method in pairs(to_room) do
	local kind, ns = key:match("^([^:]+):?(.*)$");
	local payload = ns ~= "" and "/"..ns..":query" or "";
	for _, class in ipairs { "bare", "host" } do
		module:hook(kind.."/"..class..payload, room_handler(method), priority);
	end
end
for event_name, method in pairs(to_occupant) do
	module:hook(event_name, room_handler(method), priority);
end

-- What rooms have no answer to is left to others, but a damaged room has none at all.
module:hook("iq/bare", function (event)
	local origin, stanza = event.origin, event.stanza;
	if stanza.attr.type ~= "get" and stanza.attr.type ~= "set" then return; end
	local room_jid = jid_bare(stanza.attr.to);
	local room, err = get_room_from_jid(room_jid);
	if not room and err then
		return refuse(origin, stanza, "wait", "internal-server-error", nil, room_jid);
	end
end, priority - 1);

return { room_handler = room_handler };
