-- vcard-temp (XEP-0054): everybody may read an account's or the host's vCard, accounts write their own.

local st = require "util.stanza";
local jid_node = require "util.jid".node;

local NS = "vcard-temp";
local store = module:open_store("vcard");

module:add_feature(NS);

-- Whose vCard it is; nil is the host's.
local function owner(event)
	local to = event.stanza.attr.to;
	if to then
		return jid_node(to);
	end
	return event.origin.username;
end

local function read(event)
	local origin, stanza = event.origin, event.stanza;
	local vcard, err = store:get(owner(event));
	if vcard then
		origin.send(st.reply(stanza):add_child(st.deserialize(vcard)));
	elseif err then
		module:log("error", "reading the vCard of %s: %s", stanza.attr.to or origin.username, err);
		origin.send(st.error_reply(stanza, "wait", "internal-server-error"));
	else
		origin.send(st.error_reply(stanza, "cancel", "item-not-found"));
	end
	return true;
end

local function write(event)
	local origin, stanza = event.origin, event.stanza;
	if stanza.attr.to then
		origin.send(st.error_reply(stanza, "auth", "forbidden"));
		return true;
	end
	local ok, err = store:set(origin.username, st.preserialize(stanza.tags[1]));
	if ok then
		origin.send(st.reply(stanza));
	else
		module:log("error", "storing the vCard of %s: %s", origin.username, err);
		origin.send(st.error_reply(stanza, "wait", "internal-server-error"));
	end
	return true;
end

for _, class in ipairs { "bare", "host" } do
	module:hook("iq-get/"..class.."/"..NS..":vCard", read);
	module:hook("iq-set/"..class.."/"..NS..":vCard", write);
end
