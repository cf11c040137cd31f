-- What a reservation means to people with nicks: nobody else gets it, and its holder may be bound to it (M63, M106, M166, M167).

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;
local jid_resource = require "util.jid".resource;

local enforce_nick = module:get_option_boolean("enforce_registered_nickname", false);

-- A reserved nick is refused like one in use, whether its holder is present or not (XEP-0045 #enter-conflict).
local function refuse_reserved(event, occupant)
	local room, stanza = event.room, event.stanza;
	if room:is_reserved_by_other(jid_resource(occupant.nick), jid_bare(stanza.attr.from)) then
		return room:refuse_conflict(event.origin, stanza);
	end
end

module:hook("muc-occupant-pre-join", function (event)
	local room, occupant = event.room, event.occupant;
	local own_nick = enforce_nick and room:get_registered_nick(jid_bare(event.stanza.attr.from));
	if own_nick then
		occupant.nick = room.jid.."/"..own_nick;
	end
	return refuse_reserved(event, occupant);
end);

module:hook("muc-occupant-pre-change", function (event)
	local room, origin, stanza, occupant = event.room, event.origin, event.stanza, event.dest_occupant;
	if occupant == event.orig_occupant then return; end
	local own_nick = enforce_nick and room:get_registered_nick(jid_bare(stanza.attr.from));
	if own_nick and occupant.nick ~= room.jid.."/"..own_nick then
		origin.send(st.error_reply(stanza, "cancel", "not-acceptable", "You are bound to your registered nickname", room.jid));
		return true;
	end
	return refuse_reserved(event, occupant);
end);

-- XEP-0045 #ban: who is banned has no nick here any longer. Before others (0) look at what is to be reserved.
module:hook("muc-pre-set-affiliation", function (event)
	local old = event.data or event.previous_data;
	if event.affiliation ~= "outcast" or not (old and old.reserved_nickname) then return; end
	local data = {};
	for key, value in pairs(old) do
		data[key] = value;
	end
	data.reserved_nickname = nil;
	event.data = data;
end, 1);

-- The nick that a change of affiliation would reserve, or nil.
local function nick_to_reserve(event)
	if event.allowed ~= false and event.affiliation ~= "none" then
		return event.data and event.data.reserved_nickname;
	end
end

-- Admins may reserve a nick for somebody (M169), unless it is reserved for somebody else.
module:hook("muc-pre-set-affiliation", function (event)
	local nick = nick_to_reserve(event);
	if nick and event.room:is_reserved_by_other(nick, event.jid) then
		event.allowed, event.error = false, { type = "cancel"; condition = "conflict" };
	end
end);

-- Who uses the nick has to go, but only once nobody objects to the change, hence last, and it is saved.
module:hook("muc-pre-set-affiliation", function (event)
	local nick = nick_to_reserve(event);
	if not nick then return; end
	local occupant_jid = event.room.jid.."/"..nick;
	event.once_saved(function ()
		local occupant = event.room:get_occupant_by_nick(occupant_jid);
		if occupant and occupant.bare_jid ~= event.jid then
			event.room:set_role(true, occupant_jid, nil, "This nickname is reserved");
		end
	end);
end, -10);

-- Gives all sessions of an account its registered nick (M163), if it is bound to it.
local function rename_sessions(room, bare_jid, nick)
	if not enforce_nick then return; end
	local occupant_jids = {};
	for occupant_jid, occupant in room:each_occupant() do
		if occupant.bare_jid == bare_jid then
			occupant_jids[#occupant_jids + 1] = occupant_jid;
		end
	end
	table.sort(occupant_jids); -- the first takes the nick, the others join it
	for _, occupant_jid in ipairs(occupant_jids) do
		room:rename_occupant(occupant_jid, room.jid.."/"..nick);
	end
end

return { rename_sessions = rename_sessions };
