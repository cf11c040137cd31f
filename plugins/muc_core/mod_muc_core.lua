-- Multi-user chat (XEP-0045): the rooms of a component. Each facet of a room is a file of its own beside this one, with all that
-- belongs to it: option, field of the configuration form, line of disco, handlers, and the methods it gives to rooms.
--
-- The globals of this file are what other plugins find in module:depends("muc_core"); see README.md.

if module:get_host_type() ~= "component" then
	error("muc_core serves the rooms of a component: name it as the component's plugin", 0);
end

local xmlns = module:require "xmlns";

module:depends("disco");
module:add_identity("conference", "text", module:get_option_string("name", "Chatrooms"));
module:add_feature(xmlns.muc);

local room_lib = module:require "room";
room_mt, new_room = room_lib.room_mt, room_lib.new_room;

local function add_methods(methods)
	for name, method in pairs(methods) do
		room_mt[name] = method;
	end
end

-- Handlers of one priority run in this order: what a presence or message needs from all others comes last.
for _, facet in ipairs {
	"transaction"; "routing"; "publicise"; "occupant_list";
	"affiliation"; "affiliation_change"; "affiliation_data"; "role";
	"lock"; "nick"; "defaults"; "password"; "members_only"; "moderated"; "persistent";
	"presence"; "join"; "leave"; "nick_change"; "probe";
	"message"; "groupchat"; "history"; "subject"; "private_message"; "private_iq"; "invite"; "voice";
	"name"; "description"; "language"; "hidden"; "whois"; "presence_broadcast";
	"max_users"; "leaders"; "config_form"; "owner_query"; "admin_query"; "destroy"; "tombstone"; "disco"; "unique";
	"hats"; "occupant_id"; "creation";
} do
	add_methods(module:require(facet));
end
add_methods(module:require "item".methods);
add_methods(module:require "freeze".methods);

local rooms = module:require "rooms";
keep_room = rooms.keep;
create_room = rooms.create; -- (jid, config)
get_room_from_jid = rooms.get; -- (jid)
all_rooms = rooms.all; -- iterator, loads what is in the store
live_rooms = rooms.live; -- iterator, only what is in memory
room_names = rooms.all_names; -- map from JID to name, loads nothing
track_room = rooms.track; -- (room)
forget_room = rooms.forget; -- (room)
delete_room = rooms.delete; -- (room)
save_room = rooms.save; -- (room, forced, with_state)
shutdown_component = rooms.save_all;

-- COMPAT Older modules ask for either kind.
function each_room(live_only)
	return (live_only and live_rooms or all_rooms)();
end

room_handler = module:require "dispatch".room_handler; -- (method) → handler of stanza events
reserve_nicks = module:require "reservation".reserve_nicks; -- (options), nil: no longer
add_methods(module:require "avatar");
module:require "shutdown";
module:require "admin_commands";
module:require "admin_shell";
