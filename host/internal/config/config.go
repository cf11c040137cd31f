// Package config reads plugins.toml: which hosts there are, which plugins run on them, and their options, with Prosody's option names
// (https://prosody.im/doc/configure). A mistake is an error that names the line, what was wanted, what was found and what may have been
// meant; all of them are reported at once. The types and bounds of options are in core.toml and in the plugins' manifests (plugin.toml),
// so that this package knows no plugin by name.
package config

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"quatrain/sdk"
)

// Global is the name of the section that holds for all hosts.
const Global = "*"

// Host is one domain that the server serves.
type Host struct {
	Name    string // prepared
	Type    sdk.HostType
	Plugin  string // a component's main plugin, by its proper name; "" for others
	Enabled bool
	Line    int
}

// Config is a configuration without mistakes. Safe for concurrent use.
type Config struct {
	name    string // of the file, for messages
	dir     string // what relative paths are relative to
	hosts   []Host
	plugins map[string]PluginSettings
	catalog *catalog
	warned  []string

	mu       sync.RWMutex // guards the rest
	sections map[string]section
}

// section are the options of a host, or the global ones.
type section map[string]option

// option is a value and where it stands.
type option struct {
	value any
	line  int // 0 if it was set at run time
}

// Load reads a file. manifests holds a folder per shipped plugin, each with a plugin.toml; it may be nil. The error joins all problems.
func Load(path string, manifests fs.FS) (*Config, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	return parse(filepath.Base(path), filepath.Dir(path), src, manifests)
}

// Parse is Load for a text; name stands for the file in messages. Relative paths are relative to the working directory.
func Parse(name string, src []byte, manifests fs.FS) (*Config, error) {
	return parse(name, ".", src, manifests)
}

func parse(name, dir string, src []byte, manifests fs.FS) (*Config, error) {
	cat, err := newCatalog(manifests)
	if err != nil {
		return nil, err
	}
	doc, err := readDocument(name, src)
	if err != nil {
		return nil, err
	}
	c := &Config{name: name, dir: dir, catalog: cat, plugins: map[string]PluginSettings{}, sections: map[string]section{Global: {}}}
	b := &builder{problems: problems{file: name}, c: c}
	b.build(doc)
	if err := b.problems.err(); err != nil {
		return nil, err
	}
	return c, nil
}

// Hosts are the hosts in the order of the file, disabled ones included.
func (c *Config) Hosts() []Host { return c.hosts }

// Warnings are what looks odd but does no harm, each with its place.
func (c *Config) Warnings() []string { return c.warned }

// Option is the value of an option on a host, or else the global one; nil if neither is set. Values are bool, float64, string, []any or
// map[string]any, and must not be changed.
func (c *Config) Option(host, name string) any {
	o, _ := c.lookup(host, name)
	return o.value
}

// OptionAt is the value in one section only: a host's, or that of "*".
func (c *Config) OptionAt(host, name string) any {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.sections[host][name].value
}

func (c *Config) lookup(host, name string) (o option, at string) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if o, ok := c.sections[host][name]; ok {
		return o, host
	}
	return c.sections[Global][name], Global
}

// Set changes an option at run time; nil removes it. It is for modules (core.configmanager) and commands; nothing is written to the file.
func (c *Config) Set(host, name string, value any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.sections[host]
	if !ok {
		return fmt.Errorf("setting option %q: there is no host %q", name, host)
	}
	if value == nil {
		delete(s, name)
	} else {
		s[name] = option{value: value}
	}
	return nil
}

// Path is a path of the configuration, made absolute or relative to the working directory: a relative one is relative to the file.
func (c *Config) Path(p string) string {
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(c.dir, p)
}

// PluginPaths are the directories with plugins of the operator's own, as they can be opened.
func (c *Config) PluginPaths() []string {
	var paths []string
	for _, p := range c.list(Global, "plugin_paths") {
		paths = append(paths, c.Path(p))
	}
	return paths
}

// list is a set option of one section.
func (c *Config) list(host, name string) []string {
	list, err := toSet(c.OptionAt(host, name))
	if err != nil {
		return nil // checked when it was read; what is set at run time has to be right
	}
	return list
}
