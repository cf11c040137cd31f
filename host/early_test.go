package host_test

import "testing"

// What a plugin sends as it loads reaches hosts that come later in the configuration, as it was when it was sent.
func TestStanzasSentWhileStarting(t *testing.T) {
	w := openWorkshop(t, `"asks"`, `"hears"`, `"hears"`,
		"asks", `
local st = require "util.stanza";
for _, host in ipairs { "rooms.localhost", "b.localhost" } do
	local question = st.message({ id = "first", from = module.host, to = host });
	module:send(question);
	question.attr.id = "changed";
end
`,
		"hears", `
module:hook("message/host", function (event)
	prosody.notes = prosody.notes or {};
	table.insert(prosody.notes, ("%s>%s:%s"):format(event.stanza.attr.from, module.host, event.stanza.attr.id));
	return true;
end, 10);
`,
		"rooms", "")
	w.want("a.localhost>rooms.localhost:first a.localhost>b.localhost:first", takeNotes)
}
