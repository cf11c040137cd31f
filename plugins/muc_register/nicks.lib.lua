-- Who has reserved which nick (M157). A reservation is part of the affiliation data, so it lives and goes with the affiliation.

local looks = module:require "looks".looks;

local methods = {};

-- Builds the indexes: reserved nick → bare JID, and the looks of a reserved nick → bare JID. In Prosody's data outcasts may have nicks.
local function build(room)
	local by_nick, by_looks = {}, {};
	for jid, affiliation, data in room:each_affiliation() do
		local nick = affiliation ~= "outcast" and data and data.reserved_nickname;
		if nick then
			local first, second = looks(nick);
			by_nick[nick], by_looks[first], by_looks[second] = jid, jid, jid;
		end
	end
	room._reserved_nicks, room._reserved_looks = by_nick, by_looks;
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
	event.room._reserved_nicks, event.room._reserved_looks = nil, nil;
end

-- Several affiliations may change together: what has been reserved before counts already, but may be taken back. Before all who look (0).
module:hook("muc-pre-set-affiliation", function (event)
	forget_indexes(event);
	event.room:unless_saved(function ()
		forget_indexes(event);
	end);
end, 1);
module:hook("muc-set-affiliation", forget_indexes);
module:hook("muc-set-affiliation-data/reserved_nickname", forget_indexes);

return methods;
