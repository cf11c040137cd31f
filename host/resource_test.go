package host_test

import "testing"

// Files of a module inside the program read like any other.
func TestResourcesOfEmbeddedModules(t *testing.T) {
	s := start(t, setting{
		config: "[global]\nmodules_enabled = [\"t\"]\n[host.localhost]\n",
		plugins: files("mod_t/verses.txt", "two households\nboth alike\n", "secret.txt", "not for this module", "mod_t/mod_t.lua", `
local function read(...)
	local f, all = module:load_resource("verses.txt"), {};
	for i, format in ipairs({ ... }) do all[i] = tostring(f:read(format)); end
	f:close();
	return table.concat(all, "|");
end
prosody.by_line, prosody.by_all = read("*l", "l", "*l"), read("*l", "*a", "a");
prosody.lines = 0;
for line in module:load_resource("verses.txt"):lines() do prosody.lines = prosody.lines + 1; end
prosody.outside = module:load_resource("../secret.txt");
`),
	})
	s.want("two households|both alike|nil", "return prosody.by_line")
	s.want("two households|both alike;|", `return (prosody.by_all:gsub("\n", ";"))`)
	s.want("2 nil", "return prosody.lines, prosody.outside")
}
