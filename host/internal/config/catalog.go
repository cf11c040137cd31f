package config

import (
	_ "embed" // core.toml
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

//go:embed core.toml
var coreManifest []byte

// manifest is what a plugin says about itself in its plugin.toml. core.toml has the same form.
type manifest struct {
	Summary   string            `toml:"summary"`
	Aliases   []string          `toml:"aliases"`   // other names operators and modules may use
	Runtime   string            `toml:"runtime"`   // lua or go, unless configured
	OnError   string            `toml:"on_error"`  // continue or reject, unless configured
	Component bool              `toml:"component"` // may be the main plugin of a component
	Builtin   []string          `toml:"builtin"`   // core.toml: plugins that are part of the server
	Prosodys  []string          `toml:"prosodys"`  // core.toml: names of Prosody's modules that it does not come with
	Inherited []string          `toml:"inherited"` // core.toml: global plugins that components get, too
	Options   map[string]Option `toml:"options"`
}

// Option describes an option as manifests do.
type Option struct {
	// Types are the kinds of values, any of which is right: string, boolean, number, integer, period, set, list, table, ports, jids, path.
	Types []string
	// Min and Max are bounds of numbers, of periods in seconds; nil for none.
	Min, Max *float64
	// Values are the right strings; with Open others may be right, too.
	Values []string
	Open   bool
	// Default is what holds when the option is not set, nil if that depends.
	Default any
	// Global options have no effect on single hosts, Unused ones nowhere yet.
	Global, Unused bool
	Description    string
}

// decode takes a manifest's table apart.
func (o *Option) decode(raw map[string]any) error {
	for key, v := range raw {
		var ok bool
		switch key {
		case "type":
			o.Types, ok = stringList(v)
		case "values":
			o.Values, ok = stringList(v)
		case "min":
			o.Min, ok = bound(v)
		case "max":
			o.Max, ok = bound(v)
		case "default":
			o.Default, ok = plain(v), true
		case "scope":
			o.Global, ok = v == "global", v == "global"
		case "open":
			o.Open, ok = v.(bool)
		case "unused":
			o.Unused, ok = v.(bool)
		case "description":
			o.Description, ok = v.(string)
		}
		if !ok {
			return fmt.Errorf("%s: unknown, or of the wrong type", key)
		}
	}
	return o.check()
}

// check makes sure that the description is one.
func (o *Option) check() error {
	if len(o.Types) == 0 {
		return fmt.Errorf("type is missing")
	}
	for _, t := range o.Types {
		if !slices.Contains(typeNames, t) {
			return fmt.Errorf("unknown type %q", t)
		}
	}
	if o.Default == nil {
		return nil
	}
	if err := o.accept(o.Default); err != nil {
		return fmt.Errorf("default: %w", err)
	}
	return nil
}

func stringList(v any) ([]string, bool) {
	if s, ok := v.(string); ok {
		return []string{s}, true
	}
	list, err := toSet(plain(v))
	return list, err == nil
}

func bound(v any) (*float64, bool) {
	f, ok := plain(v).(float64)
	return &f, ok
}

// plain is a value of the TOML decoder as options have them.
func plain(v any) any {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = plain(v[i])
		}
		return list
	}
	return v
}

// catalog is what is known about options and plugins.
type catalog struct {
	options   map[string]*Option
	plugins   map[string]manifest // by proper name
	shipped   fs.FS               // where those without a manifest may be; may be nil
	aliases   map[string]string
	builtin   []string
	prosodys  []string // plugins that are there if plugin_paths leads to them
	inherited []string
}

func newCatalog(manifests fs.FS) (*catalog, error) {
	cat := &catalog{shipped: manifests, options: map[string]*Option{}, plugins: map[string]manifest{}, aliases: map[string]string{}}
	core, err := readManifest(coreManifest)
	if err != nil {
		return nil, fmt.Errorf("core.toml: %w", err)
	}
	cat.builtin, cat.prosodys, cat.inherited = core.Builtin, core.Prosodys, core.Inherited
	cat.addOptions(core)
	if manifests == nil {
		return cat, nil
	}
	return cat, cat.addAll(manifests)
}

// addAll adds the plugins that have a folder with a plugin.toml. A folder may be called mod_NAME, too.
func (cat *catalog) addAll(manifests fs.FS) error {
	files, err := fs.Glob(manifests, "*/plugin.toml")
	if err != nil {
		return err
	}
	for _, file := range files {
		src, err := fs.ReadFile(manifests, file)
		if err != nil {
			return err
		}
		m, err := readManifest(src)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		cat.add(strings.TrimPrefix(path.Dir(file), "mod_"), m)
	}
	return nil
}

func (cat *catalog) add(name string, m manifest) {
	cat.plugins[name] = m
	for _, alias := range m.Aliases {
		cat.aliases[alias] = name
	}
	cat.addOptions(m)
}

// addOptions adds descriptions; the first one of an option stays.
func (cat *catalog) addOptions(m manifest) {
	for name, o := range m.Options {
		if cat.options[name] == nil {
			cat.options[name] = &o
		}
	}
}

func readManifest(src []byte) (manifest, error) {
	var m struct {
		manifest
		Options map[string]map[string]any `toml:"options"`
	}
	d := toml.NewDecoder(strings.NewReader(string(src)))
	if err := d.DisallowUnknownFields().Decode(&m); err != nil {
		return manifest{}, err
	}
	m.manifest.Options = map[string]Option{}
	for name, raw := range m.Options {
		var o Option
		if err := o.decode(raw); err != nil {
			return manifest{}, fmt.Errorf("option %s: %w", name, err)
		}
		m.manifest.Options[name] = o
	}
	return m.manifest, nil
}
