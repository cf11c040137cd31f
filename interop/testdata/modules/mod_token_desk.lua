-- Gives users tokens of Prosody's mod_tokenauth, says whose a token is, and takes it back.

local st = require "util.stanza";
local jid = require "util.jid";
local tokens = module:depends("tokenauth");

local NS = "urn:quatrain:tokens";

module:hook("iq-set/self/"..NS..":create", function (event)
	local token = tokens.create_jid_token(jid.bare(event.stanza.attr.from), event.stanza.tags[1].attr.jid, nil, 60);
	if token then
		event.origin.send(st.reply(event.stanza):tag("token", { xmlns = NS }):text(token));
	else
		event.origin.send(st.error_reply(event.stanza, "auth", "not-authorized"));
	end
	return true;
end);

module:hook("iq-get/self/"..NS..":token", function (event)
	local info, why = tokens.get_token_info(event.stanza.tags[1]:get_text());
	event.origin.send(st.reply(event.stanza):tag("info", { xmlns = NS, owner = info and info.owner, wrong = why }));
	return true;
end);

module:hook("iq-set/self/"..NS..":token", function (event)
	tokens.revoke_token(event.stanza.tags[1]:get_text());
	event.origin.send(st.reply(event.stanza));
	return true;
end);
