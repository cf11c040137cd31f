-- vcard-temp (XEP-0054): everybody may read an account's or the host's vCard, accounts write their own.

local base64 = require "util.encodings".base64;
local sha1 = require "util.hashes".sha1;
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

-- For other modules (as Prosody 13's): the SHA-1 of a picture in hex, as XEP-0153 has it; nil without one. username may be nil for the host.
function get_avatar_hash(username)
	local vcard = store:get(username);
	local photo = vcard and st.deserialize(vcard):get_child("PHOTO");
	local data = photo and base64.decode(((photo:get_child_text("BINVAL") or ""):gsub("%s", "")));
	if data and data ~= "" then
		return sha1(data, true);
	end
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
