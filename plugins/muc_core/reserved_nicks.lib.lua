-- Who has reserved which nick (M157). A reservation is part of the affiliation data, so it lives and goes with the affiliation.

local looks = module:require "looks".looks;

local methods = {};

local function note(room, index, text, jid)
	if (index[text] or jid) ~= jid then
		room._reserved_ambiguous = true; -- without one of the two only the room would know what is left
	end
	index[text] = jid;
end

-- The looks of a nick, which take longer than the rest of a look-up.
local last_nick, last_first, last_second;
local function looked(nick)
	if nick ~= last_nick then
		last_first, last_second = looks(nick);
		last_nick = nick;
	end
	return last_first, last_second;
end

-- Adds to the indexes: reserved nick → bare JID, the looks of a reserved nick → bare JID, bare JID → nick and looks.
local function add(room, jid, nick)
	local first, second = looked(nick);
	note(room, room._reserved_nicks, nick, jid);
	note(room, room._reserved_looks, first, jid);
	note(room, room._reserved_looks, second, jid);
	room._nick_reserved_by[jid] = { nick = nick; first = first; second = second };
end

-- Asks the room. In Prosody's data outcasts may have nicks.
local function build(room)
	room._reserved_nicks, room._reserved_looks, room._nick_reserved_by = {}, {}, {};
	room._reserved_changing, room._reserved_ambiguous = true, nil;
	for jid, affiliation, data in room:each_affiliation() do
		local nick = affiliation ~= "outcast" and data and data.reserved_nickname;
		if nick then
			add(room, jid, nick);
		end
	end
end

-- The nick (not the occupant JID) that a bare JID has reserved, or nil.
function methods:get_registered_nick(jid)
	return self:get_affiliation_data(jid, "reserved_nickname");
end

-- The bare JID that has reserved exactly this nick, or nil.
function methods:get_registered_jid(nick)
	if not self._reserved_nicks then
		build(self);
	end
	return self._reserved_nicks[nick];
end

-- Whether somebody else has reserved this nick, or one that looks like it. Exactly the own one is always one's own.
function methods:is_reserved_by_other(nick, bare_jid)
	local holder = self:get_registered_jid(nick);
	if not holder and next(self._reserved_nicks) ~= nil then
		local first, second = looked(nick);
		holder = self._reserved_looks[first] or self._reserved_looks[second];
	end
	return holder ~= nil and holder ~= bare_jid;
end

local function forget_indexes(event)
	event.room._reserved_nicks, event.room._reserved_looks, event.room._nick_reserved_by = nil, nil, nil;
end

local function update_indexes(event)
	local room, jid = event.room, event.jid;
	if not room._reserved_nicks then
		return;
	end
	local kept = event.affiliation and event.affiliation ~= "none" and event.affiliation ~= "outcast";
	local nick = kept and room:get_affiliation_data(jid, "reserved_nickname") or nil;
	local old = room._nick_reserved_by[jid];
	if old and old.nick ~= nick then
		room._reserved_nicks[old.nick], room._reserved_looks[old.first], room._reserved_looks[old.second] = nil, nil, nil;
		room._nick_reserved_by[jid] = nil;
	end
	if nick then
		add(room, jid, nick);
	end
	room._reserved_changing = nil;
	if room._reserved_ambiguous then
		forget_indexes(event);
	end
end

-- Several affiliations may change together: what has been reserved before counts already, but may be taken back. So from the second one on the
-- room is asked again.
local function note_change(event)
	if event.room._reserved_changing then
		forget_indexes(event);
	end
	event.room._reserved_changing = true;
	event.room:unless_saved(function ()
		forget_indexes(event);
	end);
end

-- Keeps indexes up to date. Before all who look (0).
local function hook(add_hook)
	add_hook("muc-pre-set-affiliation", note_change, 1);
	add_hook("muc-set-affiliation", update_indexes);
	add_hook("muc-set-affiliation-data/reserved_nickname", forget_indexes);
end

return { methods = methods, hook = hook };
