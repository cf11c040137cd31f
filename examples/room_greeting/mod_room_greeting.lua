-- Greets everybody who comes into a room, and says to them who is there.

local st = require "util.stanza";
local jid_resource = require "util.jid".resource;

local greeting = module:get_option_string("room_greeting", "Welcome, %s!");

module:hook("muc-occupant-joined", function (event)
	local room, newcomer = event.room, jid_resource(event.nick);
	local others = {};
	for nick in room:each_occupant() do
		if nick ~= event.nick then
			table.insert(others, jid_resource(nick));
		end
	end
	local text = greeting:format(newcomer);
	if #others > 0 then
		text = text .. " Here are: " .. table.concat(others, ", ");
	end
	module:send(st.message({ type = "groupchat", from = room.jid, to = event.stanza.attr.from }, text));
end);
