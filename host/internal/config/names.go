package config

import (
	"os"
	"path/filepath"
)

// Resolve is the proper name behind an alias of a plugin; other names are their own. What plugin_paths have under the alias is another plugin,
// which goes first. The directories are looked at each time, as plugins can be put there while the server runs.
func (c *Config) Resolve(name string) string {
	proper, ok := c.catalog.aliases[name]
	if !ok || c.has(name) {
		return name
	}
	return proper
}

// Synonyms are the other names that a plugin may be loaded under: the one behind an alias, or the aliases.
func (c *Config) Synonyms(name string) []string {
	if proper, ok := c.catalog.aliases[name]; ok {
		return []string{proper}
	}
	return c.catalog.plugins[name].Aliases
}

// has is whether a directory of plugin_paths has a plugin under its own name.
func (c *Config) has(name string) bool {
	if filepath.Base(name) != name {
		return false
	}
	file := "mod_" + name + ".lua"
	for _, dir := range c.PluginPaths() {
		for _, place := range []string{file, filepath.Join("mod_"+name, file), filepath.Join(name, file), filepath.Join("mod_"+name, name, file)} {
			if info, err := os.Stat(filepath.Join(dir, place)); err == nil && info.Mode().IsRegular() {
				return true
			}
		}
	}
	return false
}
