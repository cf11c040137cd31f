package bench

import "testing"

// crowd is Lua that fills a room with people whom nothing is delivered to, and lets one of them talk, or enter and leave.
const crowd = `
local st = require "util.stanza";
local host = prosody.hosts["conference.localhost"];
local post, room = prosody.core_post_stanza, nil;
local jid = "coven@conference.localhost";

-- What is sent to people who are not there would come back, and throw them out.
local function swallow() return true; end
prosody.hosts.localhost.events.add_handler("presence/full", swallow, 1000);
prosody.hosts.localhost.events.add_handler("message/full", swallow, 1000);

local function enter(n)
	post(host, st.presence({ to = jid.."/nick"..n; from = "user"..n.."@localhost/orchard" }):tag("x", { xmlns = "http://jabber.org/protocol/muc" }):up());
end

local function leave(n)
	post(host, st.presence({ to = jid.."/nick"..n; from = "user"..n.."@localhost/orchard"; type = "unavailable" }));
end

function fill(people)
	local rooms = host.modules.muc_core;
	room = rooms.get_room_from_jid(jid) or rooms.create_room(jid);
	function room:deliver() end
	for n = 1, people do
		enter(n);
	end
end

function clear(people)
	for n = 1, people do
		leave(n);
	end
end

function talk(n)
	for i = 1, n do
		post(host, st.message({ to = jid; from = "user1@localhost/orchard"; type = "groupchat"; id = "b4d1f3a0"; ["xml:lang"] = "en" })
			:tag("body"):text("Neither, fair saint, if either thee dislike; I take thee."):up()
			:tag("active", { xmlns = "http://jabber.org/protocol/chatstates" }):up()
			:tag("origin-id", { xmlns = "urn:xmpp:sid:0"; id = "abc-1234" }):up());
	end
end

function visit(people, n)
	for i = 1, n do
		enter(people + 1);
		leave(people + 1);
	end
end
`

// BenchmarkLuaRoom is what a room in Lua takes by itself for a message, and for somebody who enters and leaves: nothing is read, and nobody is there whom
// anything could be delivered to.
func BenchmarkLuaRoom(b *testing.B) {
	do := newConsole(b, handlerConfig)
	do(b, "%s", crowd)
	do(b, "fill(10)")
	b.Run("message", func(b *testing.B) {
		b.ReportAllocs()
		defer reportCPU(b)()
		do(b, "talk(%d)", b.N)
	})
	b.Run("visit/10", func(b *testing.B) {
		b.ReportAllocs()
		defer reportCPU(b)()
		do(b, "visit(10, %d)", b.N)
	})
	do(b, "clear(10) fill(300)")
	b.Run("visit/300", func(b *testing.B) {
		b.ReportAllocs()
		defer reportCPU(b)()
		do(b, "visit(300, %d)", b.N)
	})
}

// guild is Lua that makes a room with members who register one nick after the other, all of them new.
const guild = `
local st = require "util.stanza";
local host = prosody.hosts["conference.localhost"];
local jid = "guild@conference.localhost";
local room = host.modules.muc_core.create_room(jid);
function room:save() return true; end
function room:deliver() end
for n = 1, 20 do
	room:set_affiliation(true, "user"..n.."@localhost", "member");
end
local session = { type = "c2s"; send = function () end };

local function form(n)
	return st.iq({ to = jid; from = "user"..(n % 20 + 1).."@localhost/orchard"; type = "set"; id = "r" }):query("jabber:iq:register")
		:tag("x", { xmlns = "jabber:x:data"; type = "submit" })
			:tag("field", { var = "FORM_TYPE"; type = "hidden" }):text_tag("value", "http://jabber.org/protocol/muc#register"):up()
			:tag("field", { var = "muc#register_roomnick" }):text_tag("value", "nick"..n):up():reset();
end

local count = 0;
function register(n)
	for i = 1, n do
		count = count + 1;
		host.events.fire_event("iq/bare/jabber:iq:register:query", { origin = session; stanza = form(count) });
	end
end
`

// BenchmarkLuaRegistration is what a registration takes in Lua by itself: nothing is read, stored or delivered. A tenth of it is making the stanza.
func BenchmarkLuaRegistration(b *testing.B) {
	do := newConsole(b, handlerConfig+`modules_enabled = ["muc_register"]`)
	do(b, "%s", guild)
	b.ReportAllocs()
	defer reportCPU(b)()
	do(b, "register(%d)", b.N)
}
