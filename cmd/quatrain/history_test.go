package main

import (
	"testing"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
)

// unreadable says three things in a room, of which the second cannot be read again: a module gave it an attribute with a prefix that stands for nothing.
const unreadable = `
local st = require "util.stanza";
local host = prosody.hosts["rooms.localhost"];
local room = host.modules.muc_core.create_room("coven@rooms.localhost");

local function say(text, attr)
	local message = st.message({ from = room.jid.."/Hecate"; type = "groupchat" }):tag("mark", attr):up():tag("body"):text(text):up();
	host.events.fire_event("muc-add-history", { room = room; stanza = message });
end

say("first");
say("second", { ["x:y"] = "z" });
local _, state = room:freeze(true);
assert(state._last_message == nil);
say("third");
assert(room._history[2].stanza == nil and room._history[2].timestamp);

local event, heard = { room = room; to = "romeo@localhost/orchard"; maxchars = 100000 }, {};
host.events.fire_event("muc-get-history", event);
for message in event.next_stanza, event do
	assert(message.attr.to == event.to and message:get_child("delay", "urn:xmpp:delay"));
	table.insert(heard, message:get_child_text("body"));
end
local text = table.concat(heard, " ");
assert(text == "first third", text);
`

// TestUnreadableHistory: what a module has spoiled is left out of a room's history, and keeps nothing else back.
func TestUnreadableHistory(t *testing.T) {
	srv, err := host.New(host.Options{Config: []byte("[host.\"localhost\"]\n[component.\"rooms.localhost\"]\nplugin = \"muc_core\"\n"), DataDir: t.TempDir(),
		Plugins: plugins.FS, Library: lua.FS, Listen: &host.Listen{}})
	if err == nil {
		err = srv.Start(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Stop(t.Context(), "the test has ended")
	if _, err := srv.Console(t.Context(), "test", nil).Run(t.Context(), []byte(unreadable), "=test"); err != nil {
		t.Error(err)
	}
}
