-- Rooms in which strangers only listen until they get voice (XEP-0045 #terms-rooms; M42, M135).

local setting = module:require "setting";

local methods = {};

methods.get_moderated, methods.set_moderated = setting.flag("moderated");

setting.config_field {
	priority = 77; -- after changing the subject
	name = "muc#roomconfig_moderatedroom";
	type = "boolean";
	label = "Moderated: newcomers have no voice";
	desc = "People without an affiliation may speak when a moderator lets them";
	option = "moderated";
};

module:hook("muc-disco#info", function (event)
	event.reply:tag("feature", { var = event.room:get_moderated() and "muc_moderated" or "muc_unmoderated" }):up();
end);

-- After members_only (2), before what holds for all rooms (-1).
module:hook("muc-get-default-role", function (event)
	if not event.affiliation and event.room:get_moderated() then
		return "visitor";
	end
end, 1);

return methods;
