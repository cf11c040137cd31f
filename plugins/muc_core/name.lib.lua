-- The room's name for people (M44, M49, M59).

local setting = module:require "setting";

local max_length = module:get_option_number("muc_max_name_length", 256); -- characters

local methods = {};

methods.get_name, methods.set_name = setting.text("name");

setting.config_field {
	priority = 99; -- first under the heading "about the room"
	name = "muc#roomconfig_roomname";
	type = "text-single";
	label = "Name";
	option = "name";
	max_length = max_length;
};

-- Before the features (0): clients show the first identity.
module:hook("muc-disco#info", function (event)
	local name = event.room:get_name();
	event.reply:tag("identity", { category = "conference"; type = "text"; name = name }):up();
	table.insert(event.form, { name = "muc#roomconfig_roomname"; type = "text-single"; label = "Name" });
	event.formdata["muc#roomconfig_roomname"] = name;
end, 1);

return methods;
