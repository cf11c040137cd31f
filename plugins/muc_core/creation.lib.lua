-- Who may make rooms (M13), and, if so configured, who owns all of them (M147).

local permission = module:require "permission";
local refusal = module:require "refusal";

-- true: admins; "local": accounts of the parent host; false: anyone. "admin" is an older name of true.
local restrict_creation = module:get_option("restrict_room_creation", "local");
local admins_own_rooms = module:get_option_boolean("component_admins_as_room_owners", false);

local creators = { [true] = "prosody:admin"; admin = "prosody:admin"; ["local"] = "prosody:registered"; [false] = "prosody:guest" };

local may_create = permission.define("create-room", creators[restrict_creation] or "prosody:admin");

module:hook("muc-room-pre-create", function (event)
	if not may_create(event.stanza.attr.from) then
		event.origin.send(refusal(event.stanza, "cancel", "not-allowed", "You may not create rooms here", module.host));
		return true;
	end
end);

-- Admins are owners whatever the room's list says, and cannot be made anything else.
local function make_admins_owners()
	local owns_all = permission.define("automatic-ownership", "prosody:admin");
	local get_affiliation, may_set_affiliation = room_mt.get_affiliation, room_mt.may_set_affiliation;

	function room_mt:get_affiliation(jid)
		return owns_all(jid) and "owner" or get_affiliation(self, jid);
	end

	function room_mt:may_set_affiliation(actor, jid, affiliation)
		if affiliation ~= "owner" and owns_all(jid) then
			return nil, "modify", "not-acceptable";
		end
		return may_set_affiliation(self, actor, jid, affiliation);
	end
end

if admins_own_rooms then
	make_admins_owners();
end

return {};
