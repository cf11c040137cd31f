-- Tells which messages and presences of today mod_muc_log has written down about a room, found in the way of mod_muc_log_http.

local st = require "util.stanza";
local jid_split = require "util.jid".split;
local parse = require "util.xml".parse;
local datamanager = require "core.storagemanager".olddm;

module:hook("iq-get/bare/urn:example:log:query", function (event)
	local node, host = jid_split(event.stanza.attr.to);
	local entries = datamanager.load(node, host, "muc_log/"..os.date("!%y%m%d")) or {};
	local reply = st.reply(event.stanza):tag("query", { xmlns = "urn:example:log" });
	for _, text in ipairs(entries) do
		local entry = parse(text);
		assert(entry.attr.time:match("^%d%d:%d%d:%d%d$"), "no time");
		if entry.tags[1].name ~= "iq" then
			reply:add_child(entry.tags[1]);
		end
	end
	event.origin.send(reply);
	return true;
end, 10);
