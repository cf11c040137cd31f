-- Private XML Storage (XEP-0049): an account keeps one element per name and namespace, for itself only.

local st = require "util.stanza";

local NS = "jabber:iq:private";
local store = module:open_store("private", "map");

module:add_feature(NS);

module:hook("iq/self/"..NS..":query", function (event)
	local origin, stanza = event.origin, event.stanza;
	local query = stanza.tags[1];
	local element = query.tags[1];
	if #query.tags ~= 1 or not element.attr.xmlns then
		origin.send(st.error_reply(stanza, "modify", "bad-request", "Want exactly one element with a namespace of its own"));
		return true;
	end

	local key = element.name..":"..element.attr.xmlns;
	local reply, ok, err = st.reply(stanza), nil, nil;
	if stanza.attr.type == "get" then
		ok, err = store:get(origin.username, key);
		reply:tag("query", { xmlns = NS }):add_child(ok and st.deserialize(ok) or element);
	else -- an empty element deletes
		ok, err = store:set(origin.username, key, #element > 0 and st.preserialize(element) or nil);
	end
	if not ok and err then
		module:log("error", "storing private data of %s: %s", origin.username, err);
		reply = st.error_reply(stanza, "wait", "internal-server-error");
	end
	origin.send(reply);
	return true;
end);
