-- What owners ask of their room: its configuration form, its end (XEP-0045 #owner; M48, M175).

local st = require "util.stanza";
local jid_prep = require "util.jid".prep;

local xmlns = module:require "xmlns";

local methods = {};

local function refuse(room, origin, stanza, err_type, condition, text)
	origin.send(st.error_reply(stanza, err_type, condition, text, room.jid));
	return true;
end

function methods:handle_owner_query_get_to_room(origin, stanza)
	if self:get_affiliation(stanza.attr.from) ~= "owner" then
		return refuse(self, origin, stanza, "auth", "forbidden", "Only owners configure the room");
	end
	self:send_form(origin, stanza);
	return true;
end

local function destroy(room, origin, stanza, request)
	local reason, password = request:get_child_text("reason"), request:get_child_text("password");
	local alternative = request.attr.jid and jid_prep(request.attr.jid);
	if request.attr.jid and not alternative then
		return refuse(room, origin, stanza, "modify", "jid-malformed", "The other room needs a valid address");
	end
	local destroyed, err_type, condition = room:destroy(alternative, reason, password);
	if not destroyed then
		return refuse(room, origin, stanza, err_type or "cancel", condition or "not-allowed");
	end
	origin.send(st.reply(stanza));
	return true;
end

function methods:handle_owner_query_set_to_room(origin, stanza)
	if self:get_affiliation(stanza.attr.from) ~= "owner" then
		return refuse(self, origin, stanza, "auth", "forbidden", "Only owners configure the room");
	end
	local request = stanza.tags[1].tags[1];
	if not request then
		return refuse(self, origin, stanza, "modify", "bad-request");
	elseif request.name == "destroy" and (request.attr.xmlns or xmlns.owner) == xmlns.owner then
		return destroy(self, origin, stanza, request);
	elseif request.name == "x" and request.attr.xmlns == xmlns.data then
		return self:process_form(origin, stanza);
	end
	return refuse(self, origin, stanza, "cancel", "service-unavailable");
end

return methods;
