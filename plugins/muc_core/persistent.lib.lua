-- Whether the room outlasts its last occupant (XEP-0045 #terms-rooms; M21–M23, M42, M55).

local setting = module:require "setting";
local permission = module:require "permission";

local allow_persistent = module:get_option_boolean("muc_room_allow_persistent", true);

local may_persist = permission.define("create-persistent-room", allow_persistent and "prosody:registered" or "prosody:admin");

local methods = {};

methods.get_persistent, methods.set_persistent = setting.flag("persistent");

setting.config_field {
	priority = 95;
	name = "muc#roomconfig_persistentroom";
	type = "boolean";
	label = "Keep the room when the last one leaves";
	option = "persistent";
	may_edit = may_persist;
};

module:hook("muc-disco#info", function (event)
	event.reply:tag("feature", { var = event.room:get_persistent() and "muc_persistent" or "muc_temporary" }):up();
end);

-- After all others, who may still want to look at the room, or to make it persistent.
module:hook("muc-occupant-left", function (event)
	local room = event.room;
	if not room.destroying and not room:has_occupant() and not room:get_persistent() then
		room.destroying = true; -- several may be removed at once, but the room ends once
		module:fire_event("muc-room-destroyed", { room = room });
	end
end, -1);

return methods;
