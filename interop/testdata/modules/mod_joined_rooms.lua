-- Tells somebody which rooms his session is in, as mod_track_muc_joins has found out: nick by room.

local st = require "util.stanza";

module:hook("iq-get/self/urn:example:joined:query", function (event)
	local reply = st.reply(event.stanza):tag("query", { xmlns = "urn:example:joined" });
	for room_jid, nick in pairs(event.origin.rooms_joined or {}) do
		reply:tag("room", { jid = room_jid; nick = nick }):up();
	end
	event.origin.send(reply);
	return true;
end, 10);
