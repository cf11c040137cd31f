-- The handlers of stanzas, called with stanzas that nobody has sent. What is answered comes to the caller.

local st = require "util.stanza";
local uuid = require "util.uuid".generate;

local same = module:require "same";

local checks = {};

local xmlns_muc = "http://jabber.org/protocol/muc";

-- Calls a handler for somebody in the room. Returns what it says and what it answers.
local function call(room, event, method, nick, stanza)
	local answers = {};
	local origin = setmetatable({ send = function (answer) table.insert(answers, answer); return true; end }, { __index = event.origin });
	stanza.attr.from = room:get_occupant_by_nick(room.jid.."/"..nick).jid;
	stanza.attr.to = stanza.attr.to or room.jid;
	stanza.attr.id = stanza.attr.id or uuid();
	local handled = room[method](room, origin, stanza);
	same(stanza.attr.from, room:get_occupant_by_nick(room.jid.."/"..nick).jid); -- as it was
	return handled, answers[1];
end

local function query(type, xmlns)
	return st.iq({ type = type; id = uuid() }):query(xmlns);
end

local function expect(answer, type, condition)
	same(answer.attr.type, type);
	if condition then
		same(select(2, answer:get_error()), condition);
	end
end

function checks.handle_disco(room, event)
	for _, what in ipairs { "info"; "items" } do
		local stanza = query("get", "http://jabber.org/protocol/disco#"..what);
		local handled, answer = call(room, event, "handle_disco_"..what.."_get_query", "Juliet", stanza);
		same(handled, true);
		expect(answer, "result");
		same(answer.tags[1].attr.xmlns, "http://jabber.org/protocol/disco#"..what);
	end
end

function checks.handle_admin(room, event)
	local list = query("get", xmlns_muc.."#admin"):tag("item", { affiliation = "owner" }):reset();
	local handled, answer = call(room, event, "handle_admin_query_get_command", "Romeo", list);
	same(handled, true);
	same(answer.tags[1].tags[1].attr.jid, "romeo@localhost");
	handled, answer = call(room, event, "handle_admin_query_get_command", "Juliet", st.clone(list));
	same(handled, true);
	expect(answer, "error", "forbidden");

	local function set(role)
		return query("set", xmlns_muc.."#admin"):tag("item", { nick = "Juliet"; role = role }):reset();
	end
	handled, answer = call(room, event, "handle_admin_query_set_command", "Romeo", set("visitor"));
	same(handled, true);
	expect(answer, "result");
	same(room:get_role(room.jid.."/Juliet"), "visitor");
	handled, answer = call(room, event, "handle_admin_query_set_command", "Juliet", set("participant"));
	same(handled, true);
	expect(answer, "error", "not-allowed");
	call(room, event, "handle_admin_query_set_command", "Romeo", set("participant"));
end

function checks.handle_owner(room, event)
	local handled, answer = call(room, event, "handle_owner_query_get_to_room", "Romeo", query("get", xmlns_muc.."#owner"));
	same(handled, true);
	expect(answer, "result");
	handled, answer = call(room, event, "handle_owner_query_get_to_room", "Juliet", query("get", xmlns_muc.."#owner"));
	same(handled, true);
	expect(answer, "error", "forbidden");
	local form = query("set", xmlns_muc.."#owner"):tag("x", { xmlns = "jabber:x:data"; type = "cancel" }):reset();
	handled, answer = call(room, event, "handle_owner_query_set_to_room", "Romeo", form);
	same(handled, true);
	expect(answer, "result");
end

function checks.handle_messages(room, event)
	local handled = call(room, event, "handle_groupchat_to_room", "Juliet", st.message({ type = "groupchat"; id = "h1" }, "To all"));
	same(handled, true);
	handled = call(room, event, "handle_message_to_room", "Juliet", st.message({ type = "groupchat"; id = "h2" }, "To the room"));
	same(handled, true);
	handled = call(room, event, "handle_message_to_occupant", "Juliet",
		st.message({ type = "chat"; id = "h3"; to = room.jid.."/Romeo" }, "To one"));
	same(handled, true);
	local answer;
	handled, answer = call(room, event, "handle_message_to_occupant", "Juliet", st.message({ type = "chat"; to = room.jid.."/Nobody" }, "?"));
	same(handled, true);
	expect(answer, "error", "item-not-found");
end

function checks.handle_invitations(room, event)
	local function letter(name, to)
		return st.message():tag("x", { xmlns = xmlns_muc.."#user" }):tag(name, { to = to }):text_tag("reason", name):reset();
	end
	local romeo = room:get_occupant_by_nick(room.jid.."/Romeo").jid;
	same((call(room, event, "handle_mediated_invite", "Juliet", letter("invite", romeo))), true);
	same((call(room, event, "handle_mediated_decline", "Juliet", letter("decline", romeo))), true);
	local handled, answer = call(room, event, "handle_mediated_invite", "Juliet", letter("invite", "@"));
	same(handled, true);
	expect(answer, "error", "jid-malformed");
end

function checks.handle_presence(room, event)
	local nick = room.jid.."/Juliet";
	local handled = call(room, event, "handle_presence_to_occupant", "Juliet", st.presence({ to = nick }):text_tag("status", "one"));
	same(handled, true);
	handled = call(room, event, "handle_presence_to_room", "Juliet", st.presence():text_tag("status", "two"));
	same(handled, true);
	same(room:get_occupant_by_nick(nick):get_presence():get_child_text("status"), "two");
	handled = call(room, event, "handle_normal_presence", "Juliet", st.presence({ to = nick }));
	same(handled, true);
	local answer;
	handled, answer = call(room, event, "handle_presence_to_occupant", "Juliet", st.presence({ to = nick; type = "odd" }));
	same(handled, true);
	expect(answer, "error", "bad-request");
end

function checks.handle_iq(room, event)
	local ping = st.iq({ type = "get"; id = "h4"; to = room.jid.."/Juliet" }):tag("ping", { xmlns = "urn:xmpp:ping" }):up();
	same((call(room, event, "handle_iq_to_occupant", "Juliet", ping)), true);
	local other = st.iq({ type = "get"; id = "h5"; to = room.jid.."/Nobody" }):tag("ping", { xmlns = "urn:xmpp:ping" }):up();
	local handled, answer = call(room, event, "handle_iq_to_occupant", "Juliet", other);
	same(handled, true);
	expect(answer, "error", "item-not-found");
end

function checks.handle_role_request(room, event)
	local form = st.message():tag("x", { xmlns = "jabber:x:data"; type = "submit" })
		:tag("field", { var = "FORM_TYPE" }):text_tag("value", xmlns_muc.."#request"):up();
	form:reset();
	local told;
	local function handler(request)
		told = request.occupant.nick;
	end
	module:hook("muc-voice-request", handler);
	form.attr.from = room:get_occupant_by_nick(room.jid.."/Juliet").jid;
	room:handle_role_request(event.origin, form, form.tags[1]);
	module:unhook("muc-voice-request", handler);
	same(told, room.jid.."/Juliet");
end

function checks.handle_probe(room, event)
	local juliet = room:get_occupant_by_nick(room.jid.."/Juliet");
	local probe = st.presence({ type = "probe"; from = juliet.jid; to = room.jid.."/Romeo" });
	room:respond_to_probe(event.origin, probe, juliet);
end

-- As if it had come from a session that is broken.
function checks.handle_kickable(room, event)
	local juliet = room:get_occupant_by_nick(room.jid.."/Juliet");
	local bounce = st.message({ type = "error"; from = juliet.jid; to = room.jid })
		:tag("error", { type = "cancel" }):tag("gone", { xmlns = "urn:ietf:params:xml:ns:xmpp-stanzas" }):reset();
	same(room:handle_kickable(event.origin, bounce), true);
	same(room:get_occupant_by_nick(juliet.nick), nil);
	same(room:handle_kickable(event.origin, bounce), nil);
end

function checks.clear(room)
	room:set_persistent(true);
	room:clear(st.stanza("x", { xmlns = xmlns_muc.."#user" }):tag("status", { code = "999" }):up());
	same(room:has_occupant(), false);
	room:set_persistent(false);
	room:destroy();
end

return function () return checks; end
