-- For archive_expiry.scs: new rooms have an archive from long ago, and who says "Tomorrow" makes the tasks of the day run.
-- For archive_leftover.scs: before the room "ruin" is made, it has an archive already.

local st = require "util.stanza";
local jid_split = require "util.jid".split;

local archive = module:open_store("muc_log", "archive");

local function haunt(room, age)
	for number = 1, 2 do
		local message = st.message({ type = "groupchat"; from = room.jid.."/Ghost"; id = "old"..number }, "Long ago");
		archive:append((jid_split(room.jid)), nil, message, os.time() - age + number, "message<groupchat");
	end
end

local function is_ruin(room)
	return jid_split(room.jid) == "ruin";
end

module:hook("muc-room-created", function (event)
	if not is_ruin(event.room) then
		haunt(event.room, 30 * 86400);
	end
end);

module:hook("muc-room-pre-create", function (event)
	if is_ruin(event.room) then
		haunt(event.room, 3600);
	end
end);

module:hook("muc-occupant-groupchat", function (event)
	if event.stanza:get_child_text("body") ~= "Tomorrow" then return; end
	for _, task in ipairs(module:get_host_items("task")) do
		task.run(task, os.time());
	end
end, 1);
