-- Who has reserved which nick (M157). A reservation is part of the affiliation data, so it lives and goes with the affiliation.

local methods = {};

local function index(room)
	if not room._reserved_nicks then
		local reserved = {};
		for jid, _, data in room:each_affiliation() do
			if data and data.reserved_nickname then
				reserved[data.reserved_nickname] = jid;
			end
		end
		room._reserved_nicks = reserved;
	end
	return room._reserved_nicks;
end

-- The nick (not the occupant JID) that a bare JID has reserved, or nil.
function methods:get_registered_nick(jid)
	return self:get_affiliation_data(jid, "reserved_nickname");
end

-- The bare JID that has reserved a nick, or nil.
function methods:get_registered_jid(nick)
	return index(self)[nick];
end

local function forget_index(event)
	event.room._reserved_nicks = nil;
end

module:hook("muc-set-affiliation", forget_index);
module:hook("muc-set-affiliation-data/reserved_nickname", forget_index);

return methods;
