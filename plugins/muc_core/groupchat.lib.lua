-- Messages to the room (XEP-0045 #message; M112–M114).

local st = require "util.stanza";
local new_id = require "util.id".medium;

local util = module:require "util";
local xmlns = module:require "xmlns";

local role_ranks = util.valid_roles;

local methods = {};

-- Whoever hooks the event gets a copy, as from all methods; this module's own handlers change nothing of it.
local function sender_of(room, from)
	if module:others_hook("muc-occupant-groupchat") then
		return room:get_occupant_by_real_jid(from);
	end
	return room._occupants[room._jid_nick[from] or ""];
end

function methods:handle_groupchat_to_room(origin, stanza)
	local from = stanza.attr.from;
	if not stanza.attr.id then
		stanza.attr.id = new_id();
	end
	local event = {
		room = self;
		origin = origin;
		stanza = stanza;
		from = from;
		occupant = sender_of(self, from);
	};
	if module:fire_event("muc-occupant-groupchat", event) then return true; end
	-- What looks like a word of the room about its occupants is the room's alone.
	util.filter_muc_x(stanza);
	stanza.attr.from = event.occupant and event.occupant.nick or self.jid;
	self:broadcast_message(stanza);
	stanza.attr.from = from;
	return true;
end

-- Before all that looks at the content: who may not speak is told so, whatever was said.
module:hook("muc-occupant-groupchat", function (event)
	local rank = role_ranks[event.occupant and event.occupant.role or "none"];
	if rank == role_ranks.none then
		event.origin.send(st.error_reply(event.stanza, "cancel", "not-acceptable", "You are not in this room", event.room.jid));
		return true;
	elseif rank == role_ranks.visitor then
		event.origin.send(st.error_reply(event.stanza, "auth", "forbidden", "You have no voice in this room", event.room.jid));
		return true;
	end
end, 50);

-- Nobody but the room says when it delayed a message.
module:hook("muc-occupant-groupchat", function (event)
	local stanza, room_jid = event.stanza, event.room.jid;
	if not (stanza:get_child("delay", xmlns.delay) or stanza:get_child("x", xmlns.legacy_delay)) then return; end
	stanza:maptags(function (child)
		local ns = child.attr.xmlns;
		local is_delay = ns == xmlns.delay or ns == xmlns.legacy_delay;
		if not (is_delay and child.attr.from == room_jid) then
			return child;
		end
	end);
end);

return methods;
