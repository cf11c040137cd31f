-- Tells what the community's mod_stanza_counter has counted.

local st = require "util.stanza";

local NS = "urn:quatrain:counts";

module:hook("iq-get/host/"..NS..":query", function (event)
	local reply = st.reply(event.stanza):query(NS);
	for kind, count in pairs(prosody.stanza_counter) do
		reply:tag(kind, { incoming = tostring(count.incoming), outgoing = tostring(count.outgoing) }):up();
	end
	event.origin.send(reply);
	return true;
end);
