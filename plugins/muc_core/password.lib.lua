-- A secret one has to know to get in (XEP-0045 #enter-pw; M13, M42, M63).

local refusal = module:require "refusal";
local setting = module:require "setting";
local xmlns = module:require "xmlns";

local methods = {};

methods.get_password, methods.set_password = setting.text("password");

setting.config_field {
	priority = 88; -- first under the heading "access"
	name = "muc#roomconfig_roomsecret";
	type = "text-private";
	label = "Password";
	desc = "Leave it empty to let people in without";
	option = "password";
};

module:hook("muc-disco#info", function (event)
	event.reply:tag("feature", { var = event.room:get_password() and "muc_passwordprotected" or "muc_unsecured" }):up();
end);

local function given_password(stanza)
	local x = stanza:get_child("x", xmlns.muc);
	local password = x and x:get_child_text("password", xmlns.muc);
	return password ~= "" and password or nil;
end

-- Owners and members need it, too. After the checks of who somebody is (-5, -10): those people are not asked for a secret.
module:hook("muc-occupant-pre-join", function (event)
	local room, stanza = event.room, event.stanza;
	local password = room:get_password();
	if password and given_password(stanza) ~= password then
		event.origin.send(refusal(stanza, "auth", "not-authorized", "This room needs a password", room.jid));
		return true;
	end
end, -20);

-- Whoever makes a room may bring its password.
module:hook("muc-room-pre-create", function (event)
	event.room:set_password(given_password(event.stanza));
end);

return methods;
