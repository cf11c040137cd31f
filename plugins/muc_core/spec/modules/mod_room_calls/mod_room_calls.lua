-- Calls the methods of rooms and occupants that other modules call, and looks at what they say. A script asks for one check after the
-- other: <check xmlns='urn:example:calls' name='NAME' room='JID'/> to the service; the answer is an error with the reason if something
-- is not as it should be.

local st = require "util.stanza";

local muc = module:depends("muc");

local checks = {};

for _, part in ipairs { "occupants"; "affiliations"; "settings"; "objects"; "stanzas"; "handlers"; "joining"; "deciding"; "iterating"; "wrapping"; "service" } do
	for name, check in pairs(module:require(part)(muc)) do
		checks[name] = check;
	end
end

module:hook("iq-get/host/urn:example:calls:check", function (event)
	local stanza = event.stanza;
	local attr = stanza.tags[1].attr;
	local ok, err = pcall(checks[attr.name], muc.get_room_from_jid(attr.room), event);
	if ok then
		event.origin.send(st.reply(stanza));
	else
		event.origin.send(st.error_reply(stanza, "cancel", "undefined-condition", tostring(err)));
	end
	return true;
end);
