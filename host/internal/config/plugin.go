package config

import (
	"encoding/hex"
	"slices"

	"quatrain/sdk"
)

// PluginSettings is how a plugin is run, on all hosts: its section [plugin.NAME], or else what its manifest says.
type PluginSettings struct {
	Name    string // the proper one
	Runtime string // "lua" or "go"; "" if neither the section nor a manifest says
	// Command starts the plugin's process, program first; nil if the server has the plugin itself.
	Command []string
	// SHA256 is the sum that the program must have, nil for any.
	SHA256 []byte
	// OnError says what becomes of an event when a handler of the plugin fails.
	OnError sdk.OnError
	// Isolate runs a Lua plugin in a process of its own.
	Isolate bool
	// ReloadOnChange loads a Lua plugin anew when its files change.
	ReloadOnChange bool
	Line           int // of the section; 0 if there is none
}

var pluginKeys = map[string]*Option{
	"runtime":  {Types: []string{"string"}, Values: []string{"lua", "go"}},
	"command":  {Types: []string{"set"}},
	"sha256":   {Types: []string{"string"}},
	"on_error": {Types: []string{"string"}, Values: []string{"continue", "reject"}},
	"isolate":  {Types: []string{"boolean"}},
	"options":  {Types: []string{"set"}},

	"reload_on_change": {Types: []string{"boolean"}},
}

var pluginKeyNames = []string{"runtime", "command", "sha256", "on_error", "isolate", "reload_on_change", "options"}

// checkPlugin takes the section of a plugin apart.
func (b *builder) checkPlugin(bl *block) {
	sound := true
	for _, name := range bl.order {
		o := bl.options[name]
		known := pluginKeys[name]
		if known == nil {
			b.unknownKey(bl, name, o)
			sound = false
		} else if err := known.accept(o.value); err != nil {
			b.add(o.line, "%s %s: %v", bl.label(), name, err)
			sound = false
		}
	}
	name := b.c.Resolve(bl.name)
	if other, ok := b.c.plugins[name]; ok {
		b.add(bl.line, "%s: plugin %q has a section already, in line %d", bl.label(), name, other.Line)
		return
	}
	if sound {
		b.c.plugins[name] = b.pluginSettings(bl, name)
	}
}

func (b *builder) unknownKey(bl *block, name string, o option) {
	near := nearest(name, pluginKeyNames)
	switch {
	case near != "":
		b.add(o.line, "%s unknown key %s; did you mean %s?", bl.label(), name, near)
	case b.c.catalog.options[name] != nil:
		b.add(o.line, "%s unknown key %s: options stand below [global], [host.…] or [component.…]", bl.label(), name)
	default:
		b.add(o.line, "%s unknown key %s: want %s", bl.label(), name, alternatives(pluginKeyNames))
	}
}

func (b *builder) pluginSettings(bl *block, name string) PluginSettings {
	s := b.c.manifestSettings(name)
	s.Line = bl.line
	s.Command, _ = toSet(bl.options["command"].value)
	if r, ok := bl.options["runtime"].value.(string); ok {
		s.Runtime = r
	} else if s.Command != nil {
		s.Runtime = "go"
	}
	if e, ok := bl.options["on_error"]; ok {
		s.OnError = onError(e.value.(string))
	}
	s.Isolate, _ = bl.options["isolate"].value.(bool)
	if reload, ok := bl.options["reload_on_change"]; ok {
		s.ReloadOnChange = reload.value.(bool)
	}
	b.checkProgram(bl, &s)
	return s
}

func onError(word string) sdk.OnError {
	if word == "continue" {
		return sdk.Continue
	}
	return sdk.Reject
}

// checkProgram looks at what has to do with programs.
func (b *builder) checkProgram(bl *block, s *PluginSettings) {
	sum, hasSum := bl.options["sha256"]
	command, hasCommand := bl.options["command"]
	switch {
	case hasCommand && (len(s.Command) == 0 || slices.Contains(s.Command, "")):
		b.add(command.line, "%s command: want the program and its arguments, got %s", bl.label(), shown(command.value))
	case hasCommand && s.Runtime == "lua":
		b.add(command.line, `%s command: only plugins with runtime = "go" are programs`, bl.label())
	case hasSum && !hasCommand:
		b.add(sum.line, "%s sha256: there is no command whose program it could be the sum of", bl.label())
	}
	if text, ok := sum.value.(string); ok {
		s.SHA256, _ = hex.DecodeString(text)
		if len(s.SHA256) != 32 {
			b.add(sum.line, "%s sha256: want 64 hexadecimal digits, got %q", bl.label(), text)
		}
	}
}

// manifestSettings is what a plugin's manifest says.
func (c *Config) manifestSettings(name string) PluginSettings {
	m := c.catalog.plugins[name]
	reload, _ := c.OptionAt(Global, "reload_on_change").(bool)
	return PluginSettings{Name: name, Runtime: m.Runtime, OnError: onError(m.OnError), ReloadOnChange: reload}
}

// Plugin is how a plugin is run; name may be an alias.
func (c *Config) Plugin(name string) PluginSettings {
	name = c.Resolve(name)
	if s, ok := c.plugins[name]; ok {
		return s
	}
	return c.manifestSettings(name)
}

// ReloadsOnChange is whether any plugin is to be loaded anew when its files change.
func (c *Config) ReloadsOnChange() bool {
	all, _ := c.OptionAt(Global, "reload_on_change").(bool)
	for _, s := range c.plugins {
		all = all || s.ReloadOnChange
	}
	return all
}

// OnError is what becomes of an event when a handler of the plugin fails.
func (c *Config) OnError(name string) sdk.OnError { return c.Plugin(name).OnError }

// Catalog is what core.toml and the manifests say about options, by name.
func (c *Config) Catalog() map[string]*Option { return c.catalog.options }
