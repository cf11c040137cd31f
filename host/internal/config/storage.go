package config

import "slices"

// StorageDriver is the driver that the operator chose for a store of a host (options storage and default_storage), "" for none in
// particular.
func (c *Config) StorageDriver(host, store string) string {
	switch chosen := c.Option(host, "storage").(type) {
	case string:
		return chosen
	case map[string]any:
		if name, ok := chosen[store].(string); ok {
			return name
		}
	}
	name, _ := c.Option(host, "default_storage").(string)
	return name
}

// StorageDrivers are all drivers that StorageDriver may answer with for a host.
func (c *Config) StorageDrivers(host string) []string {
	var names []string
	for _, option := range []string{"storage", "default_storage"} {
		names = append(names, stringsIn(c.Option(host, option))...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// checkStorage looks for slips in the names of drivers. One that is not there and resembles none is not a mistake: it may be installed later.
func (b *builder) checkStorage(bl *block, name string, o option) {
	known := b.c.catalog.options[name].Values
	for _, driver := range stringsIn(o.value) {
		if slices.Contains(known, driver) || b.hasFile("storage_"+driver) {
			continue
		}
		if near := nearest(driver, known); near != "" {
			b.add(o.line, "%s %s: there is no storage driver %q; did you mean %q?", bl.label(), name, driver, near)
		} else {
			b.warn(o.line, "%s %s: there is no storage driver %q", bl.label(), name, driver)
		}
	}
}

// stringsIn are the strings that a value is or holds.
func stringsIn(v any) (names []string) {
	switch v := v.(type) {
	case string:
		names = append(names, v)
	case map[string]any:
		for _, e := range v {
			names = append(names, stringsIn(e)...)
		}
	}
	return names
}
