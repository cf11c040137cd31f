-- For archive_expiry.scs: new rooms have an archive from long ago, and who says "Tomorrow" makes the tasks of the day run.

local st = require "util.stanza";
local jid_split = require "util.jid".split;

local archive = module:open_store("muc_log", "archive");

module:hook("muc-room-created", function (event)
	local room_jid = event.room.jid;
	for number = 1, 2 do
		local message = st.message({ type = "groupchat"; from = room_jid.."/Ghost"; id = "old"..number }, "Long ago");
		archive:append((jid_split(room_jid)), nil, message, os.time() - 30 * 86400 + number, "message<groupchat");
	end
end);

module:hook("muc-occupant-groupchat", function (event)
	if event.stanza:get_child_text("body") ~= "Tomorrow" then return; end
	for _, task in ipairs(module:get_host_items("task")) do
		task.run(task, os.time());
	end
end, 1);
