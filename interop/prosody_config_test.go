package interop

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

// prosodysName is how Prosody calls a plugin of ours; "" if it does that as part of another.
func prosodysName(plugin string) string {
	switch plugin {
	case "muc_core":
		return "muc"
	case "muc_register", "tls": // Prosody has no certificates here
		return ""
	}
	return plugin
}

// prosodyConfigOf says to Prosody what a plugins.toml says to us. Paths in it are relative to its folder.
func prosodyConfigOf(t *testing.T, file string) string {
	t.Helper()
	config := readPlugins(t, file)
	config.Global["allow_registration"] = true
	return config.forProsody(file, "offline", "register")
}

// pluginsFile is a plugins.toml.
type pluginsFile struct {
	Global    map[string]any
	Host      map[string]map[string]any
	Component map[string]map[string]any
}

func readPlugins(t *testing.T, file string) (config pluginsFile) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err == nil {
		err = toml.Unmarshal(src, &config)
	}
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return config
}

// forProsody is the same in Prosody's configuration file, with more modules on all hosts.
func (config pluginsFile) forProsody(file string, modules ...string) string {
	var b strings.Builder
	config.Global["modules_disabled"] = []any{"s2s", "tls"}
	writeOptions(&b, file, config.Global, modules...)
	for name, options := range config.Host {
		fmt.Fprintf(&b, "VirtualHost %q\n", name)
		writeOptions(&b, file, options)
	}
	for name, options := range config.Component {
		plugin, _ := options["plugin"].(string)
		fmt.Fprintf(&b, "Component %q %q\n", name, prosodysName(plugin))
		writeOptions(&b, file, options)
	}
	return b.String()
}

// writeOptions writes those of one host, and what else it has to load.
func writeOptions(b *strings.Builder, file string, options map[string]any, modules ...string) {
	for _, name := range slices.Sorted(maps.Keys(options)) {
		value := options[name]
		switch name {
		case "plugin":
			continue
		case "plugin_paths":
			value = absolute(file, value)
		case "modules_enabled":
			value = append(asModules(value), asAny(modules)...)
		}
		fmt.Fprintf(b, "\t%s = %s\n", name, luaValue(value))
	}
}

func asAny(names []string) (list []any) {
	for _, name := range names {
		list = append(list, name)
	}
	return list
}

func asModules(value any) (list []any) {
	names, _ := value.([]any)
	for _, name := range names {
		if s := prosodysName(fmt.Sprint(name)); s != "" {
			list = append(list, s)
		}
	}
	return list
}

func absolute(file string, value any) (list []any) {
	paths, _ := value.([]any)
	for _, path := range paths {
		full, err := filepath.Abs(filepath.Join(filepath.Dir(file), fmt.Sprint(path)))
		if err == nil {
			list = append(list, full)
		}
	}
	return list
}

var period = regexp.MustCompile(`^(\d+) (second|minute|hour|day|week)s?$`)

var seconds = map[string]int{"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 7 * 86400}

// luaValue writes a value as Lua has it. Prosody 0.12 knows no periods: they are seconds.
func luaValue(value any) string {
	switch v := value.(type) {
	case string:
		if m := period.FindStringSubmatch(v); m != nil {
			n, _ := strconv.Atoi(m[1])
			return strconv.Itoa(n * seconds[m[2]])
		}
		return strconv.Quote(v)
	case []any:
		var items []string
		for _, item := range v {
			items = append(items, luaValue(item))
		}
		return "{ " + strings.Join(items, ", ") + " }"
	case map[string]any:
		var items []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			items = append(items, fmt.Sprintf("[%q] = %s", key, luaValue(v[key])))
		}
		return "{ " + strings.Join(items, ", ") + " }"
	}
	return fmt.Sprint(value)
}
