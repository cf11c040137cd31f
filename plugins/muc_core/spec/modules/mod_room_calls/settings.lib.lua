-- Getters and setters. A setter says whether there was something to change.

local same = module:require "same";

local checks = {};

-- Changes one setting and puts it back. shown: what the getter says then; kept: what is saved, by which key.
local function try(room, name, value, shown, key, kept)
	local get, set = "get_"..name, "set_"..name;
	local before = room[get](room);
	same(room[set](room, before), false);
	same(room[set](room, value), true);
	same(room[get](room), shown);
	same(room._data[key], kept);
	same(room[set](room, value), false);
	same(room[set](room, before), true);
	same(room[get](room), before);
end

function checks.texts(room)
	for _, name in ipairs { "name"; "description"; "language"; "password" } do
		try(room, name, "it", "it", name, "it");
		room["set_"..name](room, nil);
		same(room["set_"..name](room, ""), false); -- the same as nothing
	end
end

function checks.flags(room)
	for _, name in ipairs { "hidden"; "allow_member_invites"; "moderated"; "persistent"; "changesubject" } do
		local before = room["get_"..name](room);
		try(room, name, not before, not before or nil, name, not before or nil);
	end
	same(room:get_public(), not room:get_hidden());
	same(room:set_public(not room:get_public()), true);
	same(room:get_public(), not room:get_hidden());
	same(room:set_public(not room:get_public()), true);
end

function checks.whois(room)
	same(room:get_whois(), "moderators");
	try(room, "whois", "anyone", "anyone", "whois", "anyone");
	same(room:is_anonymous_for("juliet@localhost"), true);
	same(room:is_anonymous_for("romeo@localhost"), false);
	same(room:is_anonymous_for(room:get_occupant_by_nick(room.jid.."/Romeo").jid), false);
end

function checks.history_length(room)
	same(room:get_historylength(), 20);
	same(room:set_historylength("5"), true);
	same(room:get_historylength(), 5);
	same(room:set_historylength(20), true);
	same(room._data.history_length, nil);
end

function checks.presence_broadcast(room)
	same(room:get_presence_broadcast(), { visitor = true; participant = true; moderator = true });
	same(room:set_presence_broadcast({ moderator = true; participant = true }), true);
	same(room:set_presence_broadcast({ moderator = true; participant = true }), false);
	same(not room:get_presence_broadcast().visitor, true);
	same(room:set_presence_broadcast({ visitor = true; moderator = true; participant = true }), true);
end

function checks.subject(room)
	same({ room:get_subject() }, { room.jid });
	same(room:set_subject(room.jid.."/Romeo", "Night"), true);
	same({ room:get_subject() }, { room.jid.."/Romeo", "Night" });
	same(room._data.subject, "Night");
	same(room:set_subject(room.jid.."/Romeo", "Night"), false);
end

function checks.identity(room)
	local romeo = room:get_occupant_by_nick(room.jid.."/Romeo");
	same(room:get_salt(), room._data.occupant_id_salt);
	same(#room:get_occupant_id(romeo), 44);
	same(room:get_occupant_id(romeo), romeo.stable_id);
	local other = room:new_occupant("romeo@localhost", room.jid.."/Mask");
	same(room:get_occupant_id(other), romeo.stable_id);
end

return function () return checks; end
