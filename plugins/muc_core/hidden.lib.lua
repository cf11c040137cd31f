-- Whether the room is listed publicly (XEP-0045 #terms-rooms; M42, M49, M55).

local setting = module:require "setting";
local permission = module:require "permission";

local allow_public = module:get_option_boolean("muc_room_allow_public", true);

local may_publish = permission.define("create-public-room", allow_public and "prosody:registered" or "prosody:admin");

local methods = {};

methods.get_hidden, methods.set_hidden = setting.flag("hidden");

function methods:get_public()
	return not self:get_hidden();
end

function methods:set_public(public)
	return self:set_hidden(not public);
end

setting.config_field {
	priority = 91; -- last under the heading "about the room"
	name = "muc#roomconfig_publicroom";
	type = "boolean";
	label = "Show the room in public lists";
	option = "public";
	may_edit = may_publish;
};

module:hook("muc-disco#info", function (event)
	event.reply:tag("feature", { var = event.room:get_hidden() and "muc_hidden" or "muc_public" }):up();
end);

return methods;
