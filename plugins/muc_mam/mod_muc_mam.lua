-- Archives of rooms (XEP-0313 #business-storeret-muc-archives, XEP-0359). Belongs beside muc_core on a component, and needs nothing
-- of it that Prosody's rooms do not have, too.

if module:get_host_type() ~= "component" then
	error("muc_mam archives the rooms of a component: enable it beside muc_core", 0);
end

module:depends("muc");

local log = module:require "log";
local xmlns = module:require "xmlns";

module:require "record";
module:require "query";
module:require "history";

-- Owners decide, unless the operator has.
local field_name = "muc#roomconfig_enablearchiving";
if not log.all_rooms then
	module:hook("muc-config-form", function (event)
		table.insert(event.form, {
			name = field_name;
			type = "boolean";
			label = "Archive what is said";
			value = log.is_archived(event.room);
		});
	end);
	module:hook("muc-config-submitted/"..field_name, function (event)
		if event.value == nil then return; end
		event.room._data.archiving = event.value;
		event.status_codes[event.value and "170" or "171"] = true; -- also if that is no news (M53)
	end);
end

module:add_feature(xmlns.mam);

module:hook("muc-disco#info", function (event)
	local function add(feature)
		event.reply:tag("feature", { var = feature }):up();
	end
	if log.is_archived(event.room) then
		add(xmlns.mam);
		if log.caps.full_id_range and log.caps.ids then
			add(xmlns.extended);
		end
	end
	add(xmlns.stanza_id);
end);
