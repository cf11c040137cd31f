-- What leaves a room: to one JID, to the sessions of an occupant, to all.

local only_moderators = module:require "util".only_with_min_role("moderator");

local broadcast, fire_event = module.broadcast, module.fire_event;

local methods = {};

function methods:route_stanza(stanza) --luacheck: ignore 212/self
	module:send(stanza);
end

function methods:route_to_occupant(occupant, stanza)
	local to = stanza.attr.to;
	for full_jid in occupant:each_session() do
		stanza.attr.to = full_jid;
		self:route_stanza(stanza);
	end
	stanza.attr.to = to;
end

local route_stanza, route_to_occupant = methods.route_stanza, methods.route_to_occupant;

-- Whether nobody has put something in the place of route_stanza.
function methods:routes_itself()
	return self.route_stanza == route_stanza;
end

-- What is sent to one may come back into the room (a bounce ends a session), which changes the list.
local function copy(full_jids)
	local jids = {};
	for i = 1, #full_jids do
		jids[i] = full_jids[i];
	end
	return jids;
end

local function deliver_one_by_one(room, full_jids, stanza, except)
	local to = stanza.attr.to;
	for _, full_jid in ipairs(copy(full_jids)) do
		if not except[full_jid] then
			stanza.attr.to = full_jid;
			room:route_stanza(stanza);
		end
	end
	stanza.attr.to = to;
end

local function deliver_by_occupants(room, full_jids, stanza, except)
	local done = {};
	for _, full_jid in ipairs(copy(full_jids)) do
		local occupant = not except[full_jid] and room:get_occupant_by_real_jid(full_jid);
		if occupant and not done[occupant.nick] then
			done[occupant.nick] = true;
			room:route_to_occupant(occupant, stanza);
		end
	end
end

local nobody = {};

-- One stanza to many sessions but those that are keys of `except`, all those of an occupant or none. Where another plugin has put something in the place of one of the
-- methods above, it sees what leaves; everywhere else it is a single delivery.
function methods:deliver(full_jids, stanza, except)
	if self.route_to_occupant ~= route_to_occupant then
		return deliver_by_occupants(self, full_jids, stanza, except or nobody);
	elseif self.route_stanza ~= route_stanza then
		return deliver_one_by_one(self, full_jids, stanza, except or nobody);
	end
	broadcast(module, full_jids, stanza, nil, except);
end

-- filter(occupant JID, occupant) chooses who gets it; without one it is everybody, which is much cheaper, as is that of moderators.
function methods:broadcast(stanza, filter)
	if not filter then
		return self._audience.everyone:send(self, stanza);
	elseif filter == only_moderators then
		return self._audience.moderators:send(self, stanza);
	end
	local chosen = {};
	for occupant_jid, occupant in self:each_occupant() do
		if filter(occupant_jid, occupant) then
			for full_jid in occupant:each_session() do
				chosen[#chosen + 1] = full_jid;
			end
		end
	end
	self:deliver(chosen, stanza);
end

-- A message of the room itself or of an occupant, to all.
function methods:broadcast_message(stanza)
	if not fire_event(module, "muc-broadcast-message", { room = self; stanza = stanza }) then
		self:broadcast(stanza);
	end
	return true;
end

return methods;
