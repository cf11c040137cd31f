-- Messages to the room (XEP-0045 #message; M112–M114).

local st = require "util.stanza";
local new_id = require "util.id".medium;

local xmlns = module:require "xmlns";

local fire_event, others_hook = module.fire_event, module.others_hook; -- for each message: a method is a function that is looked for first
local has_namespace = st.stanza_mt.__index.has_namespace;
local filter_muc_x = module:require "util".filter_muc_x;

local methods = {};

-- Whoever hooks the event gets a copy, as from all methods; this module's own handlers change nothing of it.
local function sender_of(room, from)
	if others_hook(module, "muc-occupant-groupchat") then
		return room:get_occupant_by_real_jid(from);
	end
	return room._audience.occupants[from];
end

function methods:handle_groupchat_to_room(origin, stanza)
	local attr = stanza.attr;
	local from = attr.from;
	if not attr.id then
		attr.id = new_id();
	end
	local event = {
		room = self;
		origin = origin;
		stanza = stanza;
		from = from;
		occupant = sender_of(self, from);
	};
	if fire_event(module, "muc-occupant-groupchat", event) then return true; end
	-- What looks like a word of the room about its occupants is the room's alone.
	filter_muc_x(stanza);
	local occupant = event.occupant;
	attr.from = occupant and occupant.nick or self.jid;
	self:broadcast_message(stanza);
	attr.from = from;
	return true;
end

-- Before all that looks at the content: who may not speak is told so, whatever was said.
module:hook("muc-occupant-groupchat", function (event)
	local occupant = event.occupant;
	local role = occupant and occupant.role or "none";
	if role == "none" then
		event.origin.send(st.error_reply(event.stanza, "cancel", "not-acceptable", "You are not in this room", event.room.jid));
		return true;
	elseif role == "visitor" then
		event.origin.send(st.error_reply(event.stanza, "auth", "forbidden", "You have no voice in this room", event.room.jid));
		return true;
	end
end, 50);

local delay_namespaces = { [xmlns.delay] = true, [xmlns.legacy_delay] = true };

-- Nobody but the room says when it delayed a message.
module:hook("muc-occupant-groupchat", function (event)
	local stanza = event.stanza;
	if not has_namespace(stanza, delay_namespaces) then return; end
	local room_jid = event.room.jid;
	stanza:maptags(function (child)
		if not (delay_namespaces[child.attr.xmlns] and child.attr.from == room_jid) then
			return child;
		end
	end);
end);

return methods;
