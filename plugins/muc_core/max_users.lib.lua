-- How many may be in the room (XEP-0045 #enter-maxusers, field muc#roomconfig_maxusers). Admins and owners always get in.

local refusal = module:require "refusal";
local setting = module:require "setting";

local methods = {};

-- nil: any number.
function methods:get_max_users()
	return self._data.max_users;
end

function methods:set_max_users(number)
	number = tonumber(number);
	if number and number <= 0 then number = nil; end
	if self._data.max_users == number then return false; end
	self._data.max_users = number;
	return true;
end

setting.config_field {
	priority = 86; -- after members_only
	name = "muc#roomconfig_maxusers";
	type = "list-single";
	label = "Greatest number of occupants";
	options = { { value = "none"; label = "Any" }; "10"; "20"; "30"; "50"; "100"; "200"; "500"; "1000" };
	pattern = "%d%d?%d?%d?%d?%d?"; -- COMPAT What is written for another server may name any number; 0 is none.
	option = "max_users";
	show = function (number)
		return number and ("%d"):format(number) or "none";
	end;
};

module:hook("muc-disco#info", function (event)
	local number = event.room:get_max_users();
	if number then
		table.insert(event.form, { name = "muc#roominfo_maxusers"; label = "Greatest number of occupants" });
		event.formdata["muc#roominfo_maxusers"] = ("%d"):format(number);
	end
end);

local function count_occupants(room)
	local number = 0;
	for _ in pairs(room._occupants) do
		number = number + 1;
	end
	return number;
end

-- After the checks of who somebody is (-5, -10) and what they know (-20), before the lock (-30).
module:hook("muc-occupant-pre-join", function (event)
	local room, stanza = event.room, event.stanza;
	local limit = room:get_max_users();
	if not limit or not event.is_first_session or count_occupants(room) < limit then return; end
	local affiliation = room:get_affiliation(stanza.attr.from);
	if affiliation ~= "admin" and affiliation ~= "owner" then
		event.origin.send(refusal(stanza, "wait", "service-unavailable", "This room is full", room.jid));
		return true;
	end
end, -25);

return methods;
