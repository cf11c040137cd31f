-- What other modules do to rooms, for scripts: a message to the service's host JID with body "COMMAND ROOM" is answered with
-- what came of it.

local st = require "util.stanza";

local muc = module:depends("muc_core");

local commands = {};

function commands.create(jid)
	return muc.create_room(jid, { persistent = true, name = "Made by a module" });
end

function commands.data(jid)
	return muc.get_room_from_jid(jid):set_affiliation_data("juliet@localhost", "reason", "Changed by a module");
end

function commands.lists()
	local count = 0;
	for _ in muc.all_rooms() do
		count = count + 1;
	end
	return true, count;
end

module:hook("message/host", function (event)
	local command, jid = (event.stanza:get_child_text("body") or ""):match("^(%S+) (%S+)$");
	if not commands[command] then return; end
	local done, err = commands[command](jid);
	event.origin.send(st.reply(event.stanza):text_tag("body", done and "done "..tostring(err) or "failed"));
	return true;
end);
