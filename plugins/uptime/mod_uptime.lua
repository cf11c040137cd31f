-- Last Activity (XEP-0012 #server): for how long the server has been running.

local st = require "util.stanza";

local NS = "jabber:iq:last";

module:add_feature(NS);

module:hook("iq-get/host/"..NS..":query", function (event)
	local seconds = os.time() - prosody.start_time;
	event.origin.send(st.reply(event.stanza):tag("query", { xmlns = NS, seconds = ("%d"):format(seconds) }));
	return true;
end);
