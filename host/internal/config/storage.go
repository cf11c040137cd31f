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

// StorageDrivers are all drivers that StorageDriver may answer with.
func (c *Config) StorageDrivers() []string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var names []string
	for _, s := range c.sections {
		for _, option := range []string{"storage", "default_storage"} {
			names = append(names, stringsIn(s[option].value)...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
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
