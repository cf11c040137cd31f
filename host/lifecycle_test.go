package host_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// workshop is a plugin directory whose modules change while the server runs.
type workshop struct {
	*stage
	dir string
}

// openWorkshop starts a server whose hosts a.localhost, b.localhost and rooms.localhost (a component) enable these modules.
func openWorkshop(t *testing.T, onA, onB, onRooms string, pairs ...string) workshop {
	t.Helper()
	w := workshop{dir: t.TempDir()}
	w.stage = &stage{t: t}
	for i := 0; i < len(pairs); i += 2 {
		w.write(pairs[i], pairs[i+1])
	}
	w.stage = start(t, setting{config: fmt.Sprintf(`
[global]
plugin_paths = [%q]
[host."a.localhost"]
modules_enabled = [%s]
modules_disabled = ["forbidden"]
[host."b.localhost"]
modules_enabled = [%s]
[component."rooms.localhost"]
plugin = "rooms"
modules_enabled = [%s]
`, w.dir, onA, onB, onRooms)})
	return w
}

func (w workshop) write(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, "mod_"+name+".lua"), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// takeNotes is what modules noted since the last time.
const takeNotes = `
	local log = prosody.notes or {};
	return table.concat(log, " ");
`

func TestReloadHandsOverState(t *testing.T) {
	counter := `
local counted = module:shared("counted");
local n = 0;
version = %s;
module:hook("count", function () n = n + 1; counted.total = (counted.total or 0) + 1; return n; end);
module:add_item("thing", "thing of " .. version);
function module.save() return { n = n }; end
function module.restore(state) n = state.n or -1; restored = module.reloading and module.saved_state == state; end
saved_at_load = module.saved_state and module.saved_state.n;
`
	w := openWorkshop(t, `"counter"`, "", "", "rooms", "", "counter", fmt.Sprintf(counter, "1"))
	fire := `return prosody.hosts["a.localhost"].events.fire_event("count", {})`
	reload := `return require "core.modulemanager".reload("a.localhost", "counter")`
	version := `local c = prosody.hosts["a.localhost"].modules.counter; return c.version, c.restored, c.saved_at_load`
	w.want("1", fire)
	w.want("2", fire)
	w.want("1 nil nil", version)
	w.write("counter", fmt.Sprintf(counter, "2"))
	w.want("true", `
		seen = {};
		for _, name in ipairs { "item-removed/thing", "item-added/thing", "module-unloaded", "module-loaded", "module-reloaded" } do
			prosody.hosts["a.localhost"].events.add_handler(name, function (event)
				table.insert(prosody.notes, name .. "=" .. tostring(event.item or event.module));
			end);
		end
		prosody.notes = {};
		`+reload)
	w.want("item-removed/thing=thing of 1 module-unloaded=counter item-added/thing=thing of 2 module-loaded=counter module-reloaded=counter", takeNotes)
	w.want("2 true 2", version)
	w.want("3", fire)
	w.want("3", `return prosody.hosts["a.localhost"].modules.counter.module:shared("counted").total`)
	w.want("thing of 2", `return table.concat(prosody.hosts["a.localhost"].modules.counter.module:get_host_items("thing"), " ")`)

	w.write("counter", "this is not Lua")
	if got := w.lua(reload); got[0] != "nil" {
		t.Errorf("reloading a broken file gave %q", got)
	}
	w.want("4", fire)

	w.write("counter", "error('new one fails')")
	if got := w.lua(reload); got[0] != "nil" {
		t.Errorf("reloading a failing file gave %q", got)
	}
	w.want("nil", fire)
	w.want("false", `return require "core.modulemanager".is_loaded("a.localhost", "counter")`)
}

func TestUnloadLeavesNothing(t *testing.T) {
	w := openWorkshop(t, "", "", "", "rooms", "", "leaves", `
local events = require "util.events".new();
prosody.leaves_events = events;
prosody.leaves_module = module;
prosody.leaves_ticks = 0;
module:hook("e", function () return "here"; end);
module:hook_global("e", function () return "here"; end);
module:hook_object_event(events, "e", function () return "here"; end);
module:hook_object_event(prosody.hosts["b.localhost"].events, "e", function () return "here"; end);
module:context("b.localhost"):hook("e2", function () return "here"; end);
module:wrap_event("w", function () return "here"; end);
module:wrap_object_event(events, "w", function () return "here"; end);
module:add_item("leaf", { name = "leaf" });
module:default_permission("prosody:registered", ":look");
module:add_timer(0.001, function () prosody.leaves_ticks = prosody.leaves_ticks + 1; return 0.001; end);
function module.unload() prosody.leaves_unloaded = true; end
`)
	all := `
		local a, b, o = prosody.hosts["a.localhost"].events, prosody.hosts["b.localhost"].events, prosody.leaves_events;
		local function s(v) return tostring(v); end
		return s(a.fire_event("e")), s(prosody.events.fire_event("e")), s(o.fire_event("e")), s(b.fire_event("e")), s(b.fire_event("e2")),
			s(a.fire_event("w")), s(o.fire_event("w")), #prosody.leaves_module:get_host_items("leaf"), prosody.leaves_module.loaded,
			prosody.leaves_module:may(":look", "romeo@a.localhost")
	`
	w.want("true", `return require "core.modulemanager".load("a.localhost", "leaves") ~= nil`)
	w.want("here here here here here here here 1 true true", all)
	w.want("true true", `return require "core.modulemanager".unload("a.localhost", "leaves"), prosody.leaves_unloaded`)
	w.want("nil nil nil nil nil nil nil 0 false false", all)
	w.lua(`ticks = prosody.leaves_ticks; prosody.ticks_then = ticks; require "util.async".sleep(0.02)`)
	w.want("true", `return prosody.ticks_then == prosody.leaves_ticks`)
}

func TestFailedLoadLeavesNothing(t *testing.T) {
	w := openWorkshop(t, `"half"`, "", "", "rooms", "", "half", `
module:hook("e", function () return "here"; end);
prosody.half_events = require "util.events".new();
module:hook_object_event(prosody.half_events, "e", function () return "here"; end);
module:add_item("leaf", { name = "leaf" });
module:add_timer(0, function () prosody.half_ticked = true; end);
error("half way");
`)
	w.want("nil nil 0 nil", `require "util.async".sleep(0.01);
		return prosody.hosts["a.localhost"].events.fire_event("e"), prosody.half_events.fire_event("e"),
			#require "core.modulemanager".get_module("b.localhost", "presence") and 0, prosody.half_ticked`)
}

func TestDependencies(t *testing.T) {
	w := openWorkshop(t, `"user", "wants_forbidden", "soft"`, "", "", "rooms", "",
		"base", `value = (prosody.base_loads or 0) + 1; prosody.base_loads = value; name = module.name;`,
		"user", `local base = module:depends("base"); uses = base.value; again = module:depends "base" == base;`,
		"forbidden", ``,
		"wants_forbidden", `module:depends("forbidden")`,
		"soft", `got, why = module:depends("forbidden", true)`,
		"circle", `module:depends("circle2")`,
		"circle2", `module:depends("circle")`)
	w.want("1 true 1", `local m = prosody.hosts["a.localhost"].modules; return m.user.uses, m.user.again, m.base.value`)
	w.logged("plugin=wants_forbidden", "disabled")
	w.want("nil disabled", `local m = prosody.hosts["a.localhost"].modules.soft; return m.got, m.why`)
	w.want("true", `return require "core.modulemanager".reload("a.localhost", "base")`)
	w.want("2 2", `local m = prosody.hosts["a.localhost"].modules; return m.user.uses, m.base.value`)
	w.want("nil", `return (require "core.modulemanager".load("a.localhost", "circle"))`)
	w.want("true false", `local mm = require "core.modulemanager"; return mm.unload("a.localhost", "base"), mm.is_loaded("a.localhost", "user")`)
}

func TestGlobalAndSharedModules(t *testing.T) {
	w := openWorkshop(t, `"worldwide", "common"`, `"worldwide", "common", "refuses"`, `"common"`, "rooms", "",
		"worldwide", `module:set_global(); hosts_seen = module.host .. module:get_host_type(); module:hook("g", function () return "global"; end);`,
		"common", `
module:set_global();
value = "of the global one";
on = {};
function module.add_host(m)
	table.insert(on, m.host .. "/" .. m:get_host_type() .. "/" .. tostring(module.host));
	m:hook("h", function () return m.host; end);
	m.environment.own = m.host;
	m:hook_global("gg", function () end);
	function m.unload() prosody.common_unloaded = (prosody.common_unloaded or "") .. m.host .. " "; end
end
function module.unload() prosody.common_unloaded = (prosody.common_unloaded or "") .. "global "; end
`,
		"refuses", `module:set_global(); function module.add_host(m) return false, "not here"; end`)
	w.want("*global global", `local m = require "core.modulemanager".get_module("*", "worldwide"); return m.hosts_seen, (prosody.events.fire_event("g"))`)
	w.want("a.localhost/local/* b.localhost/local/* rooms.localhost/component/*",
		`local on = require "core.modulemanager".get_module("*", "common").on; table.sort(on); return table.concat(on, " ")`)
	w.want("a.localhost b.localhost rooms.localhost", `local r = {};
		for _, h in ipairs { "a.localhost", "b.localhost", "rooms.localhost" } do r[#r+1] = prosody.hosts[h].events.fire_event("h"); end
		return table.concat(r, " ")`)
	w.want("b.localhost of the global one nil", `local m = prosody.hosts["b.localhost"].modules.common;
		return m.own, m.value, rawget(require "core.modulemanager".get_module("*", "common"), "own")`)
	w.logged("plugin=refuses", "not here")
	w.want("true nil a.localhost", `local mm = require "core.modulemanager"; local ok = mm.unload("b.localhost", "common");
		return ok, (prosody.hosts["b.localhost"].events.fire_event("h")), prosody.hosts["a.localhost"].events.fire_event("h")`)
	w.want("b.localhost ", `return prosody.common_unloaded`)
	w.want("true", `return (require "core.modulemanager".reload("*", "common"))`)
	w.want("a.localhost", `return prosody.hosts["a.localhost"].events.fire_event("h")`)
}

func TestReadyAndItems(t *testing.T) {
	w := openWorkshop(t, `"ready", "handles", "gives"`, "", "", "rooms", "",
		"ready", `
prosody.notes = {};
function module.ready() table.insert(prosody.notes, "ready"); end
module:on_ready(function () table.insert(prosody.notes, "on_ready"); end);
`,
		"gives", `
module:add_item("gift", { name = "one" });
function module.ready() module:add_item("gift", { name = "two" }); end
name, run = nil, function () return "ran"; end
module:provides("net-thing");
module:provides("adhoc", { name = "given" });
`,
		"handles", `
got = {};
module:handle_items("gift", function (event) table.insert(got, "+" .. event.item.name .. event.source.name); end,
	function (event) table.insert(got, "-" .. event.item.name); end);
module:handle_items("net-thing-provider", function (event) provided = event.item; end, nil);
`,
		"late", `module:handle_items("gift", function (event) table.insert(prosody.notes, "late:" .. event.item.name); end, nil);
module:handle_items("gift", function (event) table.insert(prosody.notes, "never"); end, nil, false);
function module.ready() table.insert(prosody.notes, "late ready"); end`)
	w.want("ready on_ready", takeNotes)
	w.want("+onegives +twogives", `return table.concat(prosody.hosts["a.localhost"].modules.handles.got, " ")`)
	w.want("gives gives ran", `local p = prosody.hosts["a.localhost"].modules.handles.provided; return p.name, p._provided_by, p.run()`)
	w.want("true", `prosody.notes = {}; return require "core.modulemanager".load("a.localhost", "late") ~= nil`)
	w.want("late:one late:two late ready", takeNotes)
	w.want("+onegives +twogives -two -one", `require "core.modulemanager".unload("a.localhost", "gives");
		return table.concat(prosody.hosts["a.localhost"].modules.handles.got, " ")`)
}

func TestMetadataOfModules(t *testing.T) {
	w := openWorkshop(t, `"wants", "clashes", "fine"`, "", "", "rooms", "",
		"wants", "--% requires: time_travel\n", "clashes", "-- comment\n--% conflicts: permissions\n", "fine", "--% requires: permissions, keyval+\n")
	w.logged("plugin=wants", "time_travel")
	w.logged("plugin=clashes", "permissions", "conflict")
	w.want("true", `return require "core.modulemanager".is_loaded("a.localhost", "fine")`)
}
