-- Who hears what a room says: the full JIDs of all sessions as plain arrays, kept up to date on joining and leaving, so that
-- saying something is a single delivery however many listen.
-- Moderators have an array of their own, since in semi-anonymous rooms they see another version of each presence.

local list_mt = {};
list_mt.__index = list_mt;

local function new_list()
	return setmetatable({ jids = {}, index = {} }, list_mt);
end

function list_mt:add(full_jid)
	local jids = self.jids;
	local n = #jids + 1;
	jids[n], self.index[full_jid] = full_jid, n;
end

-- The last takes the free place: nobody promised an order, and moving all the others would make leaving a large room slow.
function list_mt:remove(full_jid)
	local jids, index = self.jids, self.index;
	local place, n = index[full_jid], #jids;
	local last = jids[n];
	jids[place], index[last] = last, place;
	jids[n], index[full_jid] = nil, nil;
end

-- except: nil, or a map whose keys are the full JIDs that get nothing.
function list_mt:send(room, stanza, except)
	local jids = self.jids;
	if jids[1] ~= nil then
		room:deliver(jids, stanza, except);
	end
end

local audience_mt = {};
audience_mt.__index = audience_mt;

local function new()
	return setmetatable({
		everyone = new_list();
		moderators = new_list();
		others = new_list();
		occupants = {}; -- full JID → occupant, as the room keeps it
		accounts = {}; -- bare JID → full JID → occupant JID
	}, audience_mt);
end

local no_sessions = {};

-- The sessions of an account: full JID → occupant JID.
function audience_mt:sessions_of(bare_jid)
	return self.accounts[bare_jid] or no_sessions;
end

-- The list that a session is in beside everyone's.
local function part_of(audience, occupant)
	return occupant.role == "moderator" and audience.moderators or audience.others;
end

function audience_mt:set(full_jid, occupant)
	local part, old = part_of(self, occupant), self.occupants[full_jid];
	local old_part = old and part_of(self, old);
	self.occupants[full_jid] = occupant;
	if old_part ~= part then
		if old_part then
			old_part:remove(full_jid);
		else
			self.everyone:add(full_jid);
		end
		part:add(full_jid);
	end
	local sessions = self.accounts[occupant.bare_jid];
	if not sessions then
		sessions = {};
		self.accounts[occupant.bare_jid] = sessions;
	end
	sessions[full_jid] = occupant.nick;
end

function audience_mt:remove(full_jid, bare_jid)
	local old = self.occupants[full_jid];
	if not old then return; end
	self.occupants[full_jid] = nil;
	part_of(self, old):remove(full_jid);
	self.everyone:remove(full_jid);
	local sessions = self.accounts[bare_jid];
	sessions[full_jid] = nil;
	if next(sessions) == nil then
		self.accounts[bare_jid] = nil;
	end
end

return { new = new };
