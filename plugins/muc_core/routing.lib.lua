-- What leaves a room: to one JID, to the sessions of an occupant, to all.

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

-- filter(occupant JID, occupant) chooses who gets it; without one it is everybody, which is much cheaper.
function methods:broadcast(stanza, filter)
	if not filter then
		return self._audience.everyone:send(stanza);
	end
	local chosen = {};
	for occupant_jid, occupant in self:each_occupant() do
		if filter(occupant_jid, occupant) then
			for full_jid in occupant:each_session() do
				chosen[#chosen + 1] = full_jid;
			end
		end
	end
	module:broadcast(chosen, stanza);
end

-- A message of the room itself or of an occupant, to all.
function methods:broadcast_message(stanza)
	if not module:fire_event("muc-broadcast-message", { room = self; stanza = stanza }) then
		self:broadcast(stanza);
	end
	return true;
end

return methods;
