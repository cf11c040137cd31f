package host_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

// namedPlugins are shipped plugins: one with an alias and a library, and one that uses it under both names.
var namedPlugins = fstest.MapFS{
	"stage_proper/plugin.toml":          {Data: []byte("aliases = [\"stage_alias\"]\n")},
	"stage_proper/mod_stage_proper.lua": {Data: []byte("who = \"shipped\";")},
	"stage_proper/part.lib.lua":         {Data: []byte("return \"shipped part\";")},
	"stage_user/mod_stage_user.lua":     {Data: []byte(stageUser)},
}

const stageUser = `
local first, second = module:depends("stage_alias"), module:depends("stage_proper");
local host = prosody.hosts[module.host];
function told()
	local mm = require "core.modulemanager";
	return table.concat({
		first.who, second.who, host.modules.stage_alias.who, host.modules.stage_proper.who, module:require("stage_alias/part"),
		mm.get_module(module.host, "stage_alias").who, tostring(mm.is_loaded(module.host, "stage_proper")),
	}, ", ");
end
`

// TestPluginNames: a plugin of the operator's own that is called like an alias is another one than the shipped. Whichever of the two is loaded,
// modules find it under both names, and its libraries.
func TestPluginNames(t *testing.T) {
	own := t.TempDir()
	for file, text := range map[string]string{"mod_stage_alias.lua": "who = \"own\"; part = module:require \"stage_alias/part\";", "part.lib.lua": "return \"own part\";"} {
		path := filepath.Join(own, "stage_alias", file)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	user := filepath.Join(own, "mod_stage_user_beside.lua")
	if err := os.WriteFile(user, []byte(stageUser), 0o600); err != nil {
		t.Fatal(err)
	}
	shipped := "shipped, shipped, shipped, shipped, shipped part, shipped, true"
	ours := "own, own, own, own, own part, own, true"
	for name, tc := range map[string]struct{ paths, enabled, want string }{
		"alias of the shipped one":      {"", `"stage_alias", "stage_user"`, shipped},
		"the shipped one":               {own, `"stage_proper", "stage_user"`, shipped},
		"one's own":                     {own, `"stage_alias", "stage_user"`, ours},
		"the shipped one, asked beside": {own, `"stage_proper", "stage_user_beside"`, shipped},
		"loaded by who needs it":        {own, `"stage_user"`, ours},
	} {
		t.Run(name, func(t *testing.T) {
			paths := ""
			if tc.paths != "" {
				paths = fmt.Sprintf("plugin_paths = [%q]", tc.paths)
			}
			s := start(t, setting{plugins: namedPlugins, config: fmt.Sprintf("[global]\n%s\n[host.\"localhost\"]\nmodules_enabled = [%s]\n", paths, tc.enabled)})
			s.want(tc.want, `local m = hosts["localhost"].modules; return (m.stage_user or m.stage_user_beside).told();`)
		})
	}
	t.Run("its own directory among the paths", func(t *testing.T) {
		config := fmt.Sprintf("[global]\nplugin_paths = [%q]\n[host.\"localhost\"]\nmodules_enabled = [\"stage_alias\"]\n", filepath.Join(own, "stage_alias"))
		start(t, setting{plugins: namedPlugins, config: config}).want("own part", `return hosts["localhost"].modules.stage_alias.part;`)
	})
}
