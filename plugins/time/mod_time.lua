-- Entity Time (XEP-0202). The server tells the time in UTC and keeps its own zone to itself.

local st = require "util.stanza";
local datetime = require "util.datetime".datetime;

local NS = "urn:xmpp:time";

module:add_feature(NS);

local function answer(event)
	event.origin.send(st.reply(event.stanza):tag("time", { xmlns = NS }):text_tag("tzo", "+00:00"):text_tag("utc", datetime()));
	return true;
end

module:hook("iq-get/host/"..NS..":time", answer);
module:hook("iq-get/bare/"..NS..":time", answer);
