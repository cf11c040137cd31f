-- Whose presence is shown to the others, by role; "none" means absent people with an affiliation (M57, M71, M78).

local st = require "util.stanza";

local setting = module:require "setting";
local xmlns = module:require "xmlns";

local roles = { "none"; "visitor"; "participant"; "moderator" };
local default = { visitor = true; participant = true; moderator = true };

local methods = {};

-- A map from role to true.
function methods:get_presence_broadcast()
	return self._data.presence_broadcast or default;
end

function methods:get_valid_broadcast_roles() --luacheck: ignore 212/self
	return roles;
end

-- Accepts a list of roles, too, as it stands in forms and in the configuration.
local function as_map(shown)
	local listed, map = {}, {};
	for _, role in ipairs(shown) do
		listed[role] = true;
	end
	for _, role in ipairs(roles) do
		map[role] = (shown[role] or listed[role]) and true or nil;
	end
	return map;
end

local function is_same(a, b)
	for _, role in ipairs(roles) do
		if not a[role] ~= not b[role] then return false; end
	end
	return true;
end

local function announce(room, was_shown, is_shown)
	for _, occupant in room:each_occupant() do
		local role = occupant.role;
		if not is_shown[role] ~= not was_shown[role] then
			local x = st.stanza("x", { xmlns = xmlns.user });
			room:publicise_occupant_status(occupant, x, nil, nil, nil, nil, not is_shown[role]);
		end
	end
end

function methods:set_presence_broadcast(shown)
	shown = as_map(shown or default);
	local was_shown = self:get_presence_broadcast();
	if is_same(shown, was_shown) then return false; end
	self._data.presence_broadcast = not is_same(shown, default) and shown or nil;
	self:once_saved(function ()
		announce(self, was_shown, shown);
	end);
	return true;
end

setting.config_field {
	priority = 63; -- after the history
	name = "muc#roomconfig_presencebroadcast";
	type = "list-multi";
	label = "Whose presence is shown";
	options = {
		{ value = "none"; label = "People with an affiliation who are away" };
		{ value = "visitor"; label = "Visitors" };
		{ value = "participant"; label = "Participants" };
		{ value = "moderator"; label = "Moderators" };
	};
	option = "presence_broadcast";
	show = function (shown)
		local values = {};
		for _, role in ipairs(roles) do
			if shown[role] then
				values[#values + 1] = role;
			end
		end
		return values;
	end;
	parse = function (values)
		return values or {};
	end;
};

-- XEP-0045 #registrar-statuscodes: 102 and 103 tell whether absent people are shown. Before the setter (0) makes old and new the same.
module:hook("muc-config-submitted/muc#roomconfig_presencebroadcast", function (event)
	local was_shown = event.room:get_presence_broadcast().none;
	local is_shown = as_map(event.value or {}).none;
	if was_shown ~= is_shown then
		event.status_codes[is_shown and "102" or "103"] = true;
	end
end, 1);

return methods;
