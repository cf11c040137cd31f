-- Saying something. The script sees what arrives.

local st = require "util.stanza";

local same = module:require "same";
local util = module:require "muc/util";

local checks = {};

local function words(room, text)
	return st.message({ from = room.jid; type = "headline" }):tag("body"):text(text):up();
end

local function juliet_of(room)
	return room:get_occupant_by_nick(room.jid.."/Juliet");
end

function checks.route_stanza(room)
	local message = words(room, "to a session");
	message.attr.to = juliet_of(room).jid;
	room:route_stanza(message);
end

function checks.route_to_occupant(room)
	local message = words(room, "to an occupant");
	room:route_to_occupant(juliet_of(room), message);
	same(message.attr.to, nil);
end

function checks.broadcast(room)
	room:broadcast(words(room, "to all"));
	room:broadcast(words(room, "to participants"), function (occupant_jid, occupant)
		same(occupant.nick, occupant_jid);
		return occupant.role == "participant";
	end);
	room:broadcast(words(room, "to moderators"), util.only_with_min_role("moderator"));
end

-- Handlers may stop it.
function checks.broadcast_message(room)
	local function handler(event)
		same(event.room, room);
		if event.stanza:get_child_text("body") == "to nobody" then return true; end
		event.stanza:text_tag("thread", "added");
	end
	module:hook("muc-broadcast-message", handler);
	room:broadcast_message(words(room, "to nobody"));
	room:broadcast_message(words(room, "as a message"));
	module:unhook("muc-broadcast-message", handler);
end

function checks.publicise(room)
	local x = st.stanza("x", { xmlns = "http://jabber.org/protocol/muc#user" }):tag("status", { code = "999" }):up();
	room:publicise_occupant_status(juliet_of(room), x, nil, nil, "Because");
end

-- Different things for different readers.
function checks.publicise_versions(room)
	local function x(code)
		return st.stanza("x", { xmlns = "http://jabber.org/protocol/muc#user" }):tag("status", { code = code }):up();
	end
	room:publicise_occupant_status(juliet_of(room), { base = x("991"), full = x("992"), anon = x("993"), self = x("994") });
end

-- Handlers may change what is said, and why.
function checks.publicise_changed(room)
	local function handler(event)
		same(event.occupant.nick, room.jid.."/Juliet");
		event.reason = "Other reason";
		event.stanza:text_tag("status", "changed");
	end
	module:hook("muc-broadcast-presence", handler);
	room:publicise_occupant_status(juliet_of(room), st.stanza("x", { xmlns = "http://jabber.org/protocol/muc#user" }), nil, nil, "Because");
	module:unhook("muc-broadcast-presence", handler);
end

function checks.send_occupant_list(room)
	room:send_occupant_list(juliet_of(room).jid, function (occupant_jid, occupant)
		return occupant ~= nil and occupant_jid == room.jid.."/Romeo";
	end);
end

function checks.send_subject(room)
	room:send_subject(juliet_of(room).jid, 0);
end

function checks.send_history(room)
	local juliet = juliet_of(room);
	room:send_history(st.presence({ from = juliet.jid; to = juliet.nick }));
end

function checks.build_item_list(room)
	local function items(...)
		return room:build_item_list(juliet_of(room), st.stanza("x", { xmlns = "http://jabber.org/protocol/muc#user" }), ...);
	end
	local full = items(false, "New", "Romeo", "romeo@localhost", "Because").tags[1];
	same(full.attr.jid, juliet_of(room).jid);
	same(full.attr.nick, "New");
	same({ full.attr.affiliation, full.attr.role }, { "none", "participant" });
	same(full:get_child("actor").attr.nick, "Romeo");
	same(full:get_child("actor").attr.jid, "romeo@localhost");
	same(full:get_child_text("reason"), "Because");
	same(items(true).tags[1].attr.jid, nil);
end

function checks.unavailable_presence(room)
	same(room:build_unavailable_presence(room.jid.."/Nurse", juliet_of(room).jid), nil);
	room:set_affiliation(true, "nurse@localhost", "member", nil, { reserved_nickname = "Nurse" });
	local presence = room:build_unavailable_presence(room.jid.."/Nurse", juliet_of(room).jid);
	room:set_affiliation(true, "nurse@localhost", "none");
	same({ presence.attr.from, presence.attr.type }, { room.jid.."/Nurse", "unavailable" });
	local item = presence:get_child("x", "http://jabber.org/protocol/muc#user").tags[1];
	same({ item.attr.affiliation, item.attr.role, item.attr.nick, item.attr.jid }, { "member", "none", "Nurse", nil });
end

-- Answers to what nobody has sent.
function checks.disco(room)
	local query = st.iq({ type = "get", id = "x", from = juliet_of(room).jid, to = room.jid }):query("http://jabber.org/protocol/disco#info");
	local reply = room:get_disco_info(query);
	same({ reply.attr.to, reply.attr.type, reply.tags[1].tags[1].name ~= nil }, { juliet_of(room).jid, "result", true });
	query.tags[1].attr.xmlns = "http://jabber.org/protocol/disco#items";
	same(room:get_disco_items(query).tags[1].attr.xmlns, "http://jabber.org/protocol/disco#items");
end

function checks.forms(room, event)
	local layout = room:get_form_layout("romeo@localhost");
	local names = {};
	for _, field in ipairs(layout) do
		names[field.name or ""] = field.type;
	end
	same(names.FORM_TYPE, "hidden");
	same(names["muc#roomconfig_roomname"], "text-single");
	same(layout:form().attr.type, "form");

	local sent = {};
	local origin = setmetatable({ send = function (stanza) table.insert(sent, stanza); return true; end }, { __index = event.origin });
	local from = room:get_occupant_by_nick(room.jid.."/Romeo").jid;
	local query = st.iq({ type = "get", id = "x", from = from, to = room.jid }):query("http://jabber.org/protocol/muc#owner"):up();
	room:send_form(origin, query);
	same(sent[1].tags[1].tags[1].attr.type, "form");
	local submission = st.iq({ type = "set", id = "x", from = from, to = room.jid }):query("http://jabber.org/protocol/muc#owner")
		:tag("x", { xmlns = "jabber:x:data"; type = "submit" })
			:tag("field", { var = "FORM_TYPE" }):text_tag("value", "http://jabber.org/protocol/muc#roomconfig"):up()
			:tag("field", { var = "muc#roomconfig_roomdesc" }):text_tag("value", "By module"):up():reset();
	room:process_form(origin, submission);
	same(sent[2].attr.type, "result");
	same(room:get_description(), "By module");
	room:set_description(nil);
end

return function () return checks; end
