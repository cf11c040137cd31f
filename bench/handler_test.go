package bench

import "testing"

const handlerConfig = `
[host."localhost"]
authentication = "anonymous"

[component."conference.localhost"]
plugin = "muc_core"
`

// stage is Lua that makes a room with a member, and ways to bring a message to a handler: run(way, handler, n).
const stage = `
local st = require "util.stanza";
local host = prosody.hosts["conference.localhost"];
local room = host.modules.muc_core.create_room("coven@conference.localhost");
room:set_affiliation(true, "romeo@localhost", "member");

local message = st.message({ to = room.jid; from = "romeo@localhost/orchard"; type = "groupchat"; id = "b4d1f3a0"; ["xml:lang"] = "en" })
	:tag("body"):text("Neither, fair saint, if either thee dislike; I take thee."):up()
	:tag("active", { xmlns = "http://jabber.org/protocol/chatstates" }):up()
	:tag("origin-id", { xmlns = "urn:xmpp:sid:0"; id = "abc-1234" }):up();

local handlers = {};

function handlers.empty()
	return true;
end

function handlers.reading(event)
	local stanza = event.stanza;
	local from, body = stanza.attr.from, stanza:get_child_text("body");
	local affiliation = (event.room or room):get_affiliation(from); -- events of stanzas have no room
	return affiliation == "member" and body ~= "";
end

local ways = {};

-- As muc_core itself fires its events: a table of its own, of a stanza that was just parsed.
function ways.room(fire, n)
	for i = 1, n do
		fire("bench", { room = room; stanza = st.clone(message) });
	end
end

-- A stanza on its way through the router.
function ways.routed(_, n)
	local post = prosody.core_post_stanza;
	for i = 1, n do
		post(host, st.clone(message));
	end
end

function run(way, handler, n)
	local events, event = host.events, way == "routed" and "message/bare" or "bench";
	events.add_handler(event, handlers[handler], 1000);
	ways[way](events.fire_event, n);
	events.remove_handler(event, handlers[handler]);
end
`

// BenchmarkHandler is one Lua handler that reads the sender, the body and the sender's affiliation in a room of muc_core. Each turn has
// a stanza of its own, which nobody has looked at yet. "empty" is the same without a handler that does anything: what it costs to copy
// the stanza and to bring it to a handler.
func BenchmarkHandler(b *testing.B) {
	do := newConsole(b, handlerConfig)
	do(b, "%s", stage)
	for _, turn := range [][2]string{{"room", "empty"}, {"room", "reading"}, {"routed", "empty"}, {"routed", "reading"}} {
		b.Run(turn[0]+"/"+turn[1], func(b *testing.B) {
			b.ReportAllocs()
			defer reportCPU(b)()
			do(b, "run(%q, %q, %d)", turn[0], turn[1], b.N)
		})
	}
}
