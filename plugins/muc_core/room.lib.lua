-- The room object and who is in it. The other facets add their methods to room_mt, and so may other plugins: a method that is
-- added or wrapped later appears on rooms that exist.

local audience = module:require "audience";
local occupants = module:require "occupant";

local room_mt = {};
room_mt.__index = room_mt;

function room_mt:__tostring()
	return "MUC room ("..self.jid..")";
end

-- jid is the room's bare JID; config becomes the table that is saved with the room.
local function new_room(jid, config)
	return setmetatable({
		jid = jid;
		_data = config or {};
		_occupants = {}; -- occupant JID → occupant
		_jid_nick = {}; -- full JID → occupant JID
		_affiliations = {}; -- bare JID or domain → affiliation
		_affiliation_data = {}; -- bare JID → table
		_audience = audience.new();
	}, room_mt);
end

-- Only rooms that the service keeps can be saved; see rooms.lib.lua.
function room_mt:save() --luacheck: ignore 212/self
	return true;
end

function room_mt:get_occupant_jid(real_jid)
	return self._jid_nick[real_jid];
end

function room_mt:new_occupant(bare_real_jid, nick)
	local occupant = occupants.new(bare_real_jid, nick);
	occupant.role = self:get_default_role(self:get_affiliation(bare_real_jid));
	return occupant;
end

function room_mt:get_occupant_by_nick(occupant_jid)
	local occupant = self._occupants[occupant_jid];
	return occupant and occupants.copy(occupant);
end

function room_mt:get_occupant_by_real_jid(real_jid)
	local occupant_jid = self._jid_nick[real_jid];
	return occupant_jid and self:get_occupant_by_nick(occupant_jid);
end

local function next_copy(all, occupant_jid)
	local next_jid, occupant = next(all, occupant_jid);
	if next_jid then
		return next_jid, occupants.copy(occupant);
	end
end

function room_mt:each_occupant()
	return next_copy, self._occupants, nil;
end

function room_mt:has_occupant()
	return next(self._occupants) ~= nil;
end

local function forget_sessions(room, old, new)
	for full_jid in old:each_session() do
		local presence = new and new.sessions[full_jid];
		local stays = presence and presence.attr.type == nil;
		if not stays and room._jid_nick[full_jid] == old.nick then
			room._jid_nick[full_jid] = nil;
			room._audience:remove(full_jid, old.bare_jid);
		end
	end
end

local function remember_sessions(room, occupant)
	for full_jid, presence in occupant:each_session() do
		if presence.attr.type == nil then
			room._jid_nick[full_jid] = occupant.nick;
			room._audience:set(full_jid, occupant);
		end
	end
end

-- Makes the room know this state of an occupant. Without a role, or without an available session, the occupant is out (M75).
-- Returns what the room keeps, nil if nothing.
function room_mt:save_occupant(occupant)
	local nick = occupant.nick;
	local old, new = self._occupants[nick], nil;
	if occupant.role ~= nil and occupant:choose_new_primary() then
		new = occupants.copy(occupant);
	end
	self._occupants[nick] = new;
	if old then
		forget_sessions(self, old, new);
	end
	if new then
		remember_sessions(self, new);
	end
	return new;
end

return { room_mt = room_mt, new_room = new_room };
