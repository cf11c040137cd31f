-- Who may read a room's archive: who may enter the room (XEP-0313 #business-storeret-muc-archives; M124).

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;

local get_room_from_jid = module:depends("muc").get_room_from_jid;

local function may_read(room, full_jid)
	local affiliation = room:get_affiliation(jid_bare(full_jid));
	if affiliation == "outcast" then
		return false;
	elseif affiliation then
		return true;
	end
	-- Who has entered knows the password.
	return not room:get_members_only() and (not room:get_password() or room:get_occupant_jid(full_jid) ~= nil);
end

local function refuse(origin, stanza, ...)
	origin.send(st.error_reply(stanza, ...));
end

-- The room that an IQ is for; nil if its sender may not read there and has been told so.
local function room_for(origin, stanza)
	local room, err = get_room_from_jid(stanza.attr.to);
	if not room and err then
		return refuse(origin, stanza, "wait", "internal-server-error", nil, stanza.attr.to);
	elseif room == false then
		return refuse(origin, stanza, "wait", "resource-constraint", nil, module.host);
	elseif not room then
		return refuse(origin, stanza, "cancel", "item-not-found", "There is no such room", module.host);
	elseif room._data.destroyed then
		return refuse(origin, stanza, "cancel", "gone", room._data.reason, module.host);
	elseif not may_read(room, stanza.attr.from) then
		return refuse(origin, stanza, "auth", "forbidden", "You may not read this room's archive", room.jid);
	end
	return room;
end

return { room_for = room_for };
