-- Who has reserved which nick (M157). A reservation is part of the affiliation data, so it lives and goes with the affiliation.

local looks = module:require "looks".looks;

local methods = {};

local function note(room, index, text, jid)
	if (index[text] or jid) ~= jid then
		room._reserved_ambiguous = true; -- without one of the two only the room would know what is left
	end
	index[text] = jid;
end

-- Adds to the indexes: reserved nick → bare JID, the looks of a reserved nick → bare JID, bare JID → nick.
local function add(room, jid, nick)
	local first, second = looks(nick);
	note(room, room._reserved_nicks, nick, jid);
	note(room, room._reserved_looks, first, jid);
	note(room, room._reserved_looks, second, jid);
	room._nick_reserved_by[jid] = nick;
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
		local first, second = looks(nick);
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
	if old and old ~= nick then
		local first, second = looks(old);
		room._reserved_nicks[old], room._reserved_looks[first], room._reserved_looks[second] = nil, nil, nil;
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
-- room is asked again. Before all who look (0).
module:hook("muc-pre-set-affiliation", function (event)
	if event.room._reserved_changing then
		forget_indexes(event);
	end
	event.room._reserved_changing = true;
	event.room:unless_saved(function ()
		forget_indexes(event);
	end);
end, 1);
module:hook("muc-set-affiliation", update_indexes);
module:hook("muc-set-affiliation-data/reserved_nickname", forget_indexes);

return methods;
