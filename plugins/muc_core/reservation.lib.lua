-- What a reserved nick means: nobody else gets it, and its holder may be bound to it (M63, M106, M166, M167). Rooms see to it themselves; that
-- nicks can be reserved, and how, is another plugin's (muc_register), which says so.

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;
local jid_resource = require "util.jid".resource;

local nicks = module:require "reserved_nicks";

local enforce_nick = false;

-- A reserved nick is refused like one in use, whether its holder is present or not (XEP-0045 #enter-conflict).
local function refuse_reserved(event, occupant)
	local room, stanza = event.room, event.stanza;
	if room:is_reserved_by_other(jid_resource(occupant.nick), jid_bare(stanza.attr.from)) then
		return room:refuse_conflict(event.origin, stanza);
	end
end

local function check_join(event)
	local room, occupant = event.room, event.occupant;
	local own_nick = enforce_nick and room:get_registered_nick(jid_bare(event.stanza.attr.from));
	if own_nick then
		occupant.nick = room.jid.."/"..own_nick;
	end
	return refuse_reserved(event, occupant);
end

local function check_change(event)
	local room, origin, stanza, occupant = event.room, event.origin, event.stanza, event.dest_occupant;
	if occupant == event.orig_occupant then return; end
	local own_nick = enforce_nick and room:get_registered_nick(jid_bare(stanza.attr.from));
	if own_nick and occupant.nick ~= room.jid.."/"..own_nick then
		origin.send(st.error_reply(stanza, "cancel", "not-acceptable", "You are bound to your registered nickname", room.jid));
		return true;
	end
	return refuse_reserved(event, occupant);
end

-- XEP-0045 #ban: who is banned has no nick here any longer.
local function release_outcast(event)
	local old = event.data or event.previous_data;
	if event.affiliation ~= "outcast" or not (old and old.reserved_nickname) then return; end
	local data = {};
	for key, value in pairs(old) do
		data[key] = value;
	end
	data.reserved_nickname = nil;
	event.data = data;
end

-- The nick that a change of affiliation would reserve, or nil.
local function nick_to_reserve(event)
	if event.allowed ~= false and event.affiliation ~= "none" then
		return event.data and event.data.reserved_nickname;
	end
end

-- Admins may reserve a nick for somebody (M169), unless it is reserved for somebody else.
local function check_reservation(event)
	local nick = nick_to_reserve(event);
	if nick and event.room:is_reserved_by_other(nick, event.jid) then
		event.allowed, event.error = false, { type = "cancel"; condition = "conflict" };
	end
end

-- Who uses the nick has to go, but only once it is saved.
local function evict_user(event)
	local nick = nick_to_reserve(event);
	if not nick then return; end
	local occupant_jid = event.room.jid.."/"..nick;
	event.once_saved(function ()
		local occupant = event.room:get_occupant_by_nick(occupant_jid);
		if occupant and occupant.bare_jid ~= event.jid then
			event.room:set_role(true, occupant_jid, nil, "This nickname is reserved");
		end
	end);
end

local methods = nicks.methods;

-- Gives all sessions of an account its registered nick (M163), if it is bound to it.
function methods:bind_sessions(bare_jid, nick)
	if not enforce_nick then return; end
	local occupant_jids = {};
	for occupant_jid, occupant in self:each_occupant() do
		if occupant.bare_jid == bare_jid then
			occupant_jids[#occupant_jids + 1] = occupant_jid;
		end
	end
	table.sort(occupant_jids); -- the first takes the nick, the others join it
	for _, occupant_jid in ipairs(occupant_jids) do
		self:rename_occupant(occupant_jid, self.jid.."/"..nick);
	end
end

local hooked = {}; -- what to unhook: pairs of event and handler

local function hook(event, handler, priority)
	module:hook(event, handler, priority);
	hooked[#hooked + 1] = { event, handler };
end

local function release()
	for _, pair in ipairs(hooked) do
		module:unhook(pair[1], pair[2]);
	end
	for name in pairs(methods) do
		room_mt[name] = nil;
	end
	hooked = {};
end

-- From now on nicks can be reserved, with nil no longer. options.enforce: who has registered a nick always appears under it.
local function reserve_nicks(options)
	release();
	if not options then return; end
	enforce_nick = options.enforce;
	for name, method in pairs(methods) do
		room_mt[name] = method;
	end
	nicks.hook(hook);
	hook("muc-occupant-pre-join", check_join);
	hook("muc-occupant-pre-change", check_change);
	hook("muc-pre-set-affiliation", release_outcast, 1); -- before others (0) look at what is to be reserved
	hook("muc-pre-set-affiliation", check_reservation);
	hook("muc-pre-set-affiliation", evict_user, -10); -- last, when nobody objects to the change
end

return { reserve_nicks = reserve_nicks };
