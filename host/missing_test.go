package host_test

import (
	"os"
	"path/filepath"
	"testing"
)

// A module that asks for something that is not there is told from in the log, by name, line and what is missing, as it is loaded: it is refused if it
// asks at once, and warned of if it will ask later.
func TestMissingThings(t *testing.T) {
	for _, tt := range []struct {
		name, code string
		loads      bool
		want       []string // what one line of the log has
	}{
		{"library", "local st = require 'util.stanza';\nrequire 'util.magic';", false, []string{"level=ERROR", "plugin=x", "mod_x.lua:2: ", "module 'util.magic' not found"}},
		{"library, later", "function module.ready() end\nlocal function f() require 'util.magic'; end\nmodule:hook('e', f);", true, []string{"level=WARN", "plugin=x", "at=mod_x.lua:2", `what="there is no library \"util.magic\""`}},
		{"function of a library, later", "local jid = require 'util.jid';\nmodule:hook('e', function () jid.sing(); end);", true, []string{"level=WARN", "at=mod_x.lua:2", `what="the library \"util.jid\" has no function \"sing\""`}},
		{"function that only fails, later", "local components = require 'core.componentmanager';\nmodule:hook('e', function () components.register_component(); end);", true, []string{"level=WARN", "at=mod_x.lua:2", `what="core.componentmanager.register_component is not available in this server"`}},
		{"function that only fails", "require 'core.componentmanager'.register_component();", false, []string{"level=ERROR", "plugin=x", "mod_x.lua:1: core.componentmanager.register_component is not available in this server"}},
		{"method", "module:sing();", false, []string{"level=ERROR", "plugin=x", "mod_x.lua:1: attempt to call a nil value (method 'sing')"}},
		{"method, later", "\n\nmodule:hook('e', function () module:sing(); end);", true, []string{"level=WARN", "at=mod_x.lua:3", `what="module has no method \"sing\""`}},
		{"feature", "--% requires: mind-reading\n", false, []string{"level=ERROR", "plugin=x", `module \"x\" requires the feature \"mind-reading\", which this server does not have`}},
		{"module", "module:depends 'no_such_module';", false, []string{"level=ERROR", "plugin=x", "mod_x.lua:1: ", `no_such_module`}},
		{"global", "local a = nonsuch;", true, []string{"level=WARN", "name=nonsuch", "at=mod_x.lua:1\n"}},
		{"its own file", "module:require 'part';", false, []string{"level=ERROR", "plugin=x", `mod_x.lua:1: module \"x\" has no library \"part\"`}},
		{"operator of Lua 5.3", "local a = 5;\nlocal b = a // 2;", false, []string{"level=ERROR", "plugin=x", "mod_x.lua:2: ", "(//) is Lua 5.3"}},
		{"attribute of Lua 5.4", "local a <const> = 5;", false, []string{"level=ERROR", "plugin=x", "mod_x.lua:1: ", "<const>, <close>) are Lua 5.4"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "mod_x.lua"), []byte(tt.code), 0o600); err != nil {
				t.Fatal(err)
			}
			s := start(t, setting{config: "[global]\nplugin_paths = ['" + dir + "']\n[host.\"localhost\"]\nmodules_enabled = ['x']\n"})
			s.logged(tt.want...)
			if loaded := s.lua(`return require "core.modulemanager".is_loaded("localhost", "x")`)[0] == "true"; loaded != tt.loads {
				t.Errorf("loaded: %v, want %v", loaded, tt.loads)
			}
		})
	}
}
