-- Asking moderators for voice (XEP-0045 #requestvoice, #voiceapprove; M155, M156).

local st = require "util.stanza";
local jid_resource = require "util.jid".resource;
local dataform = require "util.dataforms".new;

local xmlns = module:require "xmlns";

local request_form = dataform {
	title = "Request for voice";
	{ name = "FORM_TYPE"; type = "hidden"; value = xmlns.request };
	{ name = "muc#jid"; type = "jid-single"; label = "JID" };
	{ name = "muc#roomnick"; type = "text-single"; label = "Nickname" };
	{
		name = "muc#role";
		type = "list-single";
		label = "Requested role";
		value = "participant";
		options = { "none"; "visitor"; "participant"; "moderator" };
	};
	{ name = "muc#request_allow"; type = "boolean"; label = "Let this person speak"; value = false };
};

module:hook("muc-disco#info", function (event)
	event.reply:tag("feature", { var = xmlns.request }):up();
end);

local methods = {};

-- A request, or a moderator's answer to one.
function methods:handle_role_request(origin, stanza, form)
	local occupant = self:get_occupant_by_real_jid(stanza.attr.from);
	if not occupant or form.attr.type == "cancel" then return; end
	local event_name = occupant.role == "moderator" and "muc-voice-response" or "muc-voice-request";
	module:fire_event(event_name, {
		room = self;
		origin = origin;
		stanza = stanza;
		fields = request_form:data(form);
		occupant = occupant;
	});
end

local function is_moderator(_, occupant)
	return occupant.role == "moderator";
end

module:hook("muc-voice-request", function (event)
	local occupant = event.occupant;
	if occupant.role ~= "visitor" then return; end
	local form = request_form:form {
		["muc#jid"] = event.stanza.attr.from;
		["muc#roomnick"] = jid_resource(occupant.nick);
	};
	local message = st.message({ type = "normal"; from = event.room.jid }):add_child(form);
	event.room:broadcast(message, is_moderator);
end);

module:hook("muc-voice-response", function (event)
	local room, fields = event.room, event.fields;
	if event.occupant.role ~= "moderator" or not fields["muc#request_allow"] then return; end
	local asker = room:get_occupant_by_real_jid(fields["muc#jid"]);
	if not asker or asker.role ~= "visitor" then return; end
	local ok, err_type, condition = room:set_role(event.stanza.attr.from, asker.nick, "participant", "Voice granted");
	if not ok then
		event.origin.send(st.error_reply(event.stanza, err_type, condition, nil, room.jid));
	end
end);

return methods;
