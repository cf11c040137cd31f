-- Answers a message to the host with the hash of its sender's picture, as another module asks for it.

local st = require "util.stanza";

local vcard = module:depends("vcard");

module:hook("message/host", function (event)
	event.origin.send(st.reply(event.stanza):body(vcard.get_avatar_hash(event.origin.username) or "none"));
	return true;
end);
