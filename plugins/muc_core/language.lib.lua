-- The language that is spoken in the room, as a tag of RFC 5646 (M44, M49, M59).

local setting = module:require "setting";

local methods = {};

methods.get_language, methods.set_language = setting.text("language");

setting.config_field {
	priority = 97; -- after the description
	name = "muc#roomconfig_lang";
	type = "text-single";
	datatype = "xs:language";
	label = "Language";
	desc = "The tag of the language that is mostly spoken, such as en or de";
	option = "language";
	max_length = 35; -- characters; room for every registered tag (RFC 5646 §4.4.1)
};

module:hook("muc-disco#info", function (event)
	table.insert(event.form, { name = "muc#roominfo_lang"; label = "Language" });
	event.formdata["muc#roominfo_lang"] = event.room:get_language();
end);

return methods;
