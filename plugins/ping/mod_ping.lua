-- XMPP Ping (XEP-0199): the host answers for itself and for its accounts.

local st = require "util.stanza";

local NS = "urn:xmpp:ping";

module:add_feature(NS);

local function answer(event)
	event.origin.send(st.reply(event.stanza));
	return true;
end

module:hook("iq-get/host/"..NS..":ping", answer);
module:hook("iq-get/bare/"..NS..":ping", answer);
