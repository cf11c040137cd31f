package host_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// Sessions, timers, stores, reloads and events from Go and Lua at once. Under -race this shows that they keep out of each other's way;
// a chain that waits for itself would not end.
func TestEverythingAtOnce(t *testing.T) {
	s := start(t, setting{
		config:  "[global]\nmodules_enabled = [\"tls\", \"saslauth\", \"roster\", \"busy\", \"other\"]\n[host.localhost]\n",
		plugins: files("mod_busy.lua", busy, "mod_other.lua", `module:depends "busy"; module:hook("touch", function (event) event.n = event.n + 1; end, -1);`),
	})
	const clients, rounds = 6, 15
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			name := fmt.Sprintf("c%d", i)
			var text strings.Builder
			fmt.Fprintf(&text, "[Client] Me\n\tjid: %s@localhost\n\tpassword: secret\n-----\nMe connects\nMe sends:\n\t<presence/>\n", name)
			for r := range rounds {
				id := fmt.Sprintf("%s-%d", name, r)
				text.WriteString(ping("Me", id))
				text.WriteString(pong("Me", id))
			}
			if err := s.perform(name, text.String()); err != nil {
				t.Error(err)
			}
		})
	}
	stop := make(chan struct{})
	var meanwhile sync.WaitGroup
	meanwhile.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond):
				s.lua(`require "core.modulemanager".reload("localhost", "other")`)
			}
		}
	})
	all.Wait()
	close(stop)
	meanwhile.Wait()
	s.want(fmt.Sprint(clients*rounds), `return prosody.hosts.localhost.modules.busy.handled`)
}

const busy = `
local st = require "util.stanza";
local async = require "util.async";
local store = module:open_store("busy", "map");
handled = 0;
module:add_timer(0.001, function ()
	for _, session in pairs(prosody.full_sessions) do session.ticks = (session.ticks or 0) + 1; end
	module:fire_event("touch", { n = 0 });
	return 0.001;
end);
module:hook("iq-get/host/urn:test:q:q", function (event)
	local origin = event.origin;
	local touch = { n = 0 };
	module:fire_event("touch", touch);
	store:set(origin.username, "n", (store:get(origin.username, "n") or 0) + 1);
	if handled % 3 == 0 then async.sleep(0.001); end
	module:add_item("thing", { name = origin.full_jid });
	module:send(st.message({ from = module.host, to = origin.full_jid }, "hello"));
	handled = handled + 1;
	origin.send(st.reply(event.stanza));
	return true;
end);
`
