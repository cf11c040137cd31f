-- For the scripts beside this folder: tells a client which events of rooms there were, makes rooms for it, keeps who is told to stay,
-- and lets the room "sealed" not come back from the store.
--   <iq type='get'><events xmlns='urn:example:witness'/></iq>               what happened since the last question
--   <iq type='set'><create xmlns='urn:example:witness' jid='…' name='…'/></iq>   makes a room; with a name it has a configuration

local st = require "util.stanza";
local jid_bare = require "util.jid".bare;
local jid_split = require "util.jid".split;

local muc = module:depends("muc");
local xmlns = "urn:example:witness";

local seen = {};

local function note(text)
	seen[#seen + 1] = text;
end

for _, name in ipairs {
	"room-locked"; "room-unlocked"; "occupant-pre-join"; "occupant-joined"; "occupant-session-new"; "occupant-pre-leave"; "occupant-left";
} do
	module:hook("muc-"..name, function () note(name); end);
end
module:hook("muc-room-created", function (event)
	note(event.creator and "room-created-by-occupant" or "room-created");
end);
module:hook("muc-room-destroyed", function (event)
	note(event.reason and "room-destroyed-for-reason" or "room-destroyed");
end, 1);
-- After the handlers of others (0).
module:hook("muc-config-submitted", function () note("config-submitted"); end, -0.5);

-- What is already there of a new room, between the steps of its creation.
local steps = {
	{ name = "lock", is_done = function (room) return room._data.locked; end };
	{ name = "defaults", is_done = function (room) return room:get_moderated(); end };
	{ name = "password", is_done = function (room) return room:get_password(); end };
	{ name = "owner", is_done = function (room, creator) return room:get_affiliation(creator) == "owner"; end };
	{ name = "memory", is_done = function (room) return muc.get_room_from_jid(room.jid); end };
};
for _, priority in ipairs { 11, 9, 0.5, -0.5, -2, -1001 } do
	module:hook("muc-room-pre-create", function (event)
		local done = {};
		for _, step in ipairs(steps) do
			if step.is_done(event.room, jid_bare(event.stanza.attr.from)) then
				done[#done + 1] = step.name;
			end
		end
		note(done[1] and table.concat(done, "+") or "nothing");
	end, priority);
end

module:hook("muc-occupant-pre-leave", function (event)
	if event.stanza:get_child_text("status") == "Stay" then return true; end
end);

module:hook("muc-room-pre-restore", function (event)
	note("room-pre-restore");
	if jid_split(event.jid) == "sealed" then return false; end
end);
module:hook("muc-room-restored", function () note("room-restored"); end);

module:hook("iq-get/host/"..xmlns..":events", function (event)
	event.origin.send(st.reply(event.stanza):tag("events", { xmlns = xmlns }):text(table.concat(seen, " ")));
	seen = {};
	return true;
end);

module:hook("iq-set/host/"..xmlns..":create", function (event)
	local attr = event.stanza.tags[1].attr;
	local room, err = muc.create_room(attr.jid, attr.name and { name = attr.name } or nil);
	event.origin.send(st.reply(event.stanza):tag("create", { xmlns = xmlns }):text(room and "made" or tostring(err)));
	return true;
end);
