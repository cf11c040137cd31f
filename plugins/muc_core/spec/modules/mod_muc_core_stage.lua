-- For the scripts whose rooms are on staged.localhost: does what only another plugin can do.
-- The salt of rooms is known (but for the last of these), so that occupant ids are. Otherwise it acts by the room's name:
--   hats: accounts called user… wear two, of which one is put away
--   voice-over: a message that begins with * is the room's own
--   stubborn: does not let itself be destroyed, and nobody be banned from it
--   lenient: members may kick
--   forbidding: is persistent from the beginning, and lets nobody in

local jid_split = require "util.jid".split;
local st = require "util.stanza";

local function is_in(event, name)
	return jid_split(event.room.jid) == name;
end

module:hook("muc-room-pre-create", function (event)
	if is_in(event, "forbidding") then
		event.room:set_persistent(true);
	else
		event.room._data.occupant_id_salt = "salt";
	end
end);

-- After all of the room's own checks (-30).
module:hook("muc-occupant-pre-join", function (event)
	if is_in(event, "forbidding") then
		event.origin.send(st.error_reply(event.stanza, "cancel", "not-allowed"));
		return true;
	end
end, -40);

module:hook("muc-pre-set-affiliation", function (event)
	if is_in(event, "hats") and event.affiliation == "member" then
		event.data = {
			hats = {
				["urn:verona:fool"] = { active = true, title = "Fool" };
				["urn:verona:king"] = { active = false, title = "King" };
			};
		};
	elseif is_in(event, "stubborn") and event.affiliation == "outcast" then
		event.allowed, event.error = false, { type = "modify"; condition = "policy-violation" };
	end
end);

-- Before the room stamps the message (0).
module:hook("muc-occupant-groupchat", function (event)
	local body = event.stanza:get_child_text("body");
	if is_in(event, "voice-over") and body and body:sub(1, 1) == "*" then
		event.occupant = nil;
	end
end, 10);

module:hook("muc-pre-room-destroy", function (event)
	if is_in(event, "stubborn") then
		event.allowed, event.error = false, "wait";
	else
		event.reason = event.reason and event.reason:upper();
	end
end);

module:hook("muc-pre-set-role", function (event)
	if is_in(event, "lenient") and event.role == nil and event.room:get_affiliation(event.actor) == "member" then
		event.allowed = true;
	end
end);
