-- Makes this server believe that it has lost the connection to another one. A message to the host names that one in its body. If it
-- has a subject, too, a room of this name has forgotten its occupants meanwhile, without a word.

local function forget_occupants(room)
	for _, occupant in room:each_occupant() do
		occupant.role = nil;
		room:save_occupant(occupant);
	end
end

module:hook("message/host", function (event)
	local lost, room_jid = event.stanza:get_child_text("body"), event.stanza:get_child_text("subject");
	if room_jid then
		forget_occupants(prosody.hosts[lost].modules.muc.get_room_from_jid(room_jid));
	end
	prosody.events.fire_event("s2s-destroyed", { session = { direction = "outgoing"; from_host = module.host; to_host = lost } });
	return true;
end, 10);
