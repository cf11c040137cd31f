-- What a message to the room is about (XEP-0045 #message, #invite-mediated, #requestvoice).

local st = require "util.stanza";
local get_form_type = require "util.dataforms".get_type;

local util = module:require "util";
local xmlns = module:require "xmlns";

local get_attr = st.stanza_mt.__index.get_attr;

local methods = {};

-- The first payload says what it is about (M153).
local function handle_user_payload(room, origin, stanza, x)
	local payload = x.tags[1];
	local is_ours = payload and (payload.attr.xmlns or xmlns.user) == xmlns.user;
	if is_ours and payload.attr.to and payload.name == "invite" then
		return room:handle_mediated_invite(origin, stanza);
	elseif is_ours and payload.attr.to and payload.name == "decline" then
		return room:handle_mediated_decline(origin, stanza);
	end
	origin.send(st.error_reply(stanza, "cancel", "bad-request", nil, room.jid));
	return true;
end

function methods:handle_message_to_room(origin, stanza)
	local kind = get_attr(stanza, "type");
	if kind == "groupchat" then
		return self:handle_groupchat_to_room(origin, stanza);
	elseif kind == "error" then
		return util.is_kickable_error(stanza) and self:handle_kickable(origin, stanza) or nil;
	elseif kind ~= nil and kind ~= "normal" then
		return;
	end
	local x = stanza:get_child("x", xmlns.user);
	if x then
		return handle_user_payload(self, origin, stanza, x);
	end
	local form = stanza:get_child("x", xmlns.data);
	if form and get_form_type(form) == xmlns.request then
		self:handle_role_request(origin, stanza, form);
		return true;
	end
end

return methods;
