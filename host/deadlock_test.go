package host_test

import (
	"testing"
	"time"
)

// Things that a handler may do to the module it belongs to, to others, and to the server, while its own chain holds the interpreter.
func TestHandlersChangeTheServer(t *testing.T) {
	s := start(t, setting{
		config:  "[global]\nmodules_enabled = [\"tls\", \"saslauth\", \"roster\", \"t\", \"u\"]\n[host.localhost]\n[host.\"b.localhost\"]\nmodules_disabled = [\"t\"]\n",
		plugins: files("mod_t.lua", changes, "mod_u.lua", `module:depends "t"; version = prosody.versions_of_u or 0; prosody.versions_of_u = version + 1;`),
	})
	s.play("changes", cast+ping("Romeo", "reload-self")+pong("Romeo", "reload-self")+ping("Romeo", "host")+pong("Romeo", "host")+
		ping("Romeo", "user")+pong("Romeo", "user")+ping("Romeo", "config")+pong("Romeo", "config")+ping("Romeo", "loop")+pong("Romeo", "loop")+
		ping("Romeo", "wait-unload")+pong("Romeo", "wait-unload"))
	s.want("false", `return require "core.modulemanager".is_loaded("localhost", "u")`)
	s.want("unload", `return prosody.unloaded`)
}

const changes = `
local st = require "util.stanza";
local mm = require "core.modulemanager";
local um = require "core.usermanager";
local async = require "util.async";
local store = module:open_store();
module:add_timer(0.0005, function () return 0.0005; end);
module:hook("iq-get/host/urn:test:q:q", function (event)
	local id = event.stanza.attr.id;
	if id == "reload-self" then
		assert(mm.reload(module.host, module.name));
	elseif id == "host" then
		local hm = require "core.hostmanager";
		assert(hm.deactivate("b.localhost"));
		assert(hm.activate("b.localhost"));
	elseif id == "user" then
		assert(um.create_user("paris", "x", "localhost"));
		assert(um.set_password("paris", "y", "localhost"));
		assert(um.delete_user("paris", "localhost"));
	elseif id == "config" then
		prosody.reload_config();
		prosody.events.fire_event("config-reloaded");
	elseif id == "loop" then
		local seen = 0;
		module:hook("message/host", function () seen = seen + 1; return true; end, 1);
		for i = 1, 3 do module:send(st.message({ from = event.stanza.attr.from, to = module.host }, "x")); end
		assert(seen == 3);
	elseif id == "wait-unload" then
		module:add_timer(0.001, function () mm.unload(module.host, module.name); end);
		async.sleep(0.02);
	end
	event.origin.send(st.reply(event.stanza));
	return true;
end);
function module.unload()
	store:set("u", { 1 });
	module:send(st.message({ from = module.host, to = "nobody@localhost" }, "going"));
	prosody.unloaded = "unload";
end
`

// What modules do when the server stops is waited for.
func TestStoppingWaitsForModules(t *testing.T) {
	s := withModule(t, `
local async = require "util.async";
module:hook_global("server-stopping", function (event)
	async.sleep(0.01);
	module:log("info", "stopping because of %s", event.reason);
end);
function module.unload() module:log("info", "last words"); end
`)
	s.lua(`prosody.shutdown("testing")`)
	select {
	case reason := <-s.ShutdownRequested():
		if reason != "testing" {
			t.Errorf("asked to stop because of %q", reason)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("nobody was asked to stop")
	}
	if err := s.Stop(t.Context(), "testing"); err != nil {
		t.Error(err)
	}
	s.logged("stopping because of testing", "plugin=t")
	s.logged("last words", "plugin=t")
}

// Reading a global that nobody defined is told once, with the place.
func TestUndefinedGlobals(t *testing.T) {
	s := withModule(t, "local x = not_defined_anywhere;\n")
	s.logged("level=WARN", "not_defined_anywhere", "mod_t.lua:1")
}

// on_error = "continue" lets the next handler see an event whose first one failed.
func TestFailedHandlersMayBePassedOver(t *testing.T) {
	s := start(t, setting{
		config:  "[global]\nmodules_enabled = [\"tls\", \"saslauth\", \"roster\", \"t\", \"u\"]\n[host.localhost]\n[plugin.t]\non_error = \"continue\"\n",
		plugins: files("mod_t.lua", `module:hook("e", function () error("first fails"); end, 1);`, "mod_u.lua", `module:hook("e", function () return "second"; end);`),
	})
	s.want("second", `return prosody.hosts.localhost.events.fire_event("e", {})`)
	s.logged("first fails", "plugin=t")
}

// A wrapper in Lua surrounds what the core fires.
func TestWrappersOfTheCoresEvents(t *testing.T) {
	s := withModule(t, `
module:wrap_event("message/full", function (next, name, event)
	if event.stanza:get_child_text("body") == "no" then return true; end
	event.stanza.attr.wrapped = name;
	return next(name, event);
end);
`)
	s.play("wrapped", cast+`
Romeo sends:
	<message to="${Juliet's full JID}" id="a"><body>no</body></message>
Romeo sends:
	<message to="${Juliet's full JID}" id="b"><body>yes</body></message>
Juliet receives:
	<message id="b" wrapped="message/full"/>
`)
}
