-- Queries with a node: whichever module knows the node answers.

local st = require "util.stanza";

-- Fires `name` { origin, stanza, reply, node, exists }. A handler adds to reply and sets exists; or it answers by itself and returns true.
-- from: the sender of the reply, where the query was sent to nobody; may be nil.
return function (event, xmlns, name, from)
	local origin, stanza = event.origin, event.stanza;
	local node = stanza.tags[1].attr.node;
	local reply = st.reply(stanza):tag("query", { xmlns = xmlns, node = node });
	reply.attr.from = reply.attr.from or from;
	local query = { origin = origin, stanza = stanza, reply = reply, node = node, exists = false };
	local handled = module:fire_event(name, query);
	if handled ~= nil then
		return handled;
	end
	origin.send(query.exists and reply or st.error_reply(stanza, "cancel", "item-not-found"));
	return true;
end;
