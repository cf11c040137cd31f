-- A longer text about the room (M44, M49, M59).

local setting = module:require "setting";

local max_length = module:get_option_number("muc_max_description_length", 4096); -- characters

local methods = {};

methods.get_description, methods.set_description = setting.text("description");

setting.config_field {
	priority = 98; -- after the name
	name = "muc#roomconfig_roomdesc";
	type = "text-single";
	label = "Description";
	desc = "A sentence about what the room is for";
	option = "description";
	max_length = max_length;
};

module:hook("muc-disco#info", function (event)
	table.insert(event.form, { name = "muc#roominfo_description"; label = "Description" });
	event.formdata["muc#roominfo_description"] = event.room:get_description() or "";
end);

return methods;
