package config

import (
	"slices"

	"quatrain/sdk"
)

// Modules are the plugins to load on a host, in order and by their proper names (https://prosody.im/doc/modules_enabled): a component's
// main plugin first; of builtin and the global modules_enabled a component gets only what belongs to every stream. builtin are the
// plugins that the server loads unasked. A disabled or unknown host has none.
func (c *Config) Modules(host string, builtin []string) []string {
	at := slices.IndexFunc(c.hosts, func(h Host) bool { return h.Name == host && h.Enabled })
	if at < 0 {
		return nil
	}
	h := c.hosts[at]
	global := without(c.names(builtin, c.list(Global, "modules_enabled")), c.names(c.list(Global, "modules_disabled")))
	if h.Type == sdk.HostComponent {
		global = slices.DeleteFunc(global, func(m string) bool { return !slices.Contains(c.catalog.inherited, m) })
	}
	list := without(c.names(global, c.list(host, "modules_enabled")), c.names(c.list(host, "modules_disabled")))
	if slices.Contains(list, "vcard_legacy") {
		list = without(list, []string{"vcard"}) // the two do the same
	}
	if h.Plugin == "" {
		return list
	}
	return append([]string{h.Plugin}, without(list, []string{h.Plugin})...)
}

// names joins lists of plugins under their proper names, each once.
func (c *Config) names(lists ...[]string) (all []string) {
	for _, list := range lists {
		for _, name := range list {
			if name = c.Resolve(name); !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

func without(list, gone []string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return slices.Contains(gone, s) })
}

// Disabled is whether the operator listed a plugin in the modules_disabled of a host, or in the global one and not in the host's
// modules_enabled.
func (c *Config) Disabled(host, name string) bool {
	name = c.Resolve(name)
	if slices.Contains(c.names(c.list(host, "modules_disabled")), name) {
		return true
	}
	return slices.Contains(c.names(c.list(Global, "modules_disabled")), name) && !slices.Contains(c.names(c.list(host, "modules_enabled")), name)
}

// ForceReload is the option force_module_reload.
func (c *Config) ForceReload(host string) bool { return c.Reader(host).Bool("force_module_reload") }
