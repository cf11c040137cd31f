package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"quatrain/sdk"
)

func parsed(t *testing.T, src string) *Config {
	t.Helper()
	c, err := Parse("plugins.toml", []byte(src), os.DirFS("testdata/plugins"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestOption(t *testing.T) {
	c := parsed(t, "[global]\nname = 'all'\nrooms_max = 5\n[host.'a']\nname = 'a'\n[host.'b']\n")
	for _, x := range []struct {
		host, name string
		want, at   any
	}{
		{"a", "name", "a", "a"}, {"b", "name", "all", nil}, {"*", "name", "all", "all"}, {"elsewhere", "name", "all", nil},
		{"a", "rooms_max", 5.0, nil}, {"a", "nothing", nil, nil},
	} {
		if got := c.Option(x.host, x.name); got != x.want {
			t.Errorf("%s %s: got %v", x.host, x.name, got)
		}
		if got := c.OptionAt(x.host, x.name); got != x.at {
			t.Errorf("only at %s %s: got %v", x.host, x.name, got)
		}
	}
}

func TestSet(t *testing.T) {
	c := parsed(t, "[global]\nname = 'all'\n[host.'a']\n")
	if err := c.Set("a", "name", "new"); err != nil || c.Option("a", "name") != "new" {
		t.Error(err, c.Option("a", "name"))
	}
	if err := c.Set("a", "name", nil); err != nil || c.Option("a", "name") != "all" {
		t.Error(err, c.Option("a", "name"))
	}
	if err := c.Set("b", "name", "x"); err == nil {
		t.Error("an option of a host that is not there was set")
	}
}

func TestReader(t *testing.T) {
	c := parsed(t, `
[global]
c2s_ports = 5
c2s_timeout = "2m"
ssl = { key = "k" }
certificates = "tls"
[host."a"]
rooms_max = 20
admins = ["x@a"]
[host."b"]
`)
	r := c.Reader("a")
	got := []any{r.Ports("c2s_ports"), r.Period("c2s_timeout"), r.Table("ssl"), r.Path("certificates"), r.Int("rooms_max"), r.Set("admins"),
		r.Bool("c2s_require_encryption"), r.String("authentication"), r.Number("handler_timeout"), r.Period("handler_timeout"), r.Period("rooms_lifetime")}
	want := []any{[]int{5}, 2 * time.Minute, map[string]any{"key": "k"}, "tls", 20, []string{"x@a"}, true, "internal_hashed", 0.0, 5 * time.Second, 7 * day}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if err := r.Err(); err == nil || !strings.Contains(err.Error(), `option "handler_timeout" is not described as number`) {
		t.Error(err)
	}
}

// TestReaderOfWrongValues: what was set wrongly at run time is an error, and the default holds.
func TestReaderOfWrongValues(t *testing.T) {
	c := parsed(t, "[host.'a']\n")
	for name, v := range map[string]any{"rooms_max": 1000.0, "c2s_require_encryption": "maybe"} {
		if err := c.Set("a", name, v); err != nil {
			t.Fatal(err)
		}
	}
	r := c.Reader("a")
	if n, b := r.Int("rooms_max"), r.Bool("c2s_require_encryption"); n != 10 || !b {
		t.Error(n, b)
	}
	if err := r.Err(); err == nil || !strings.Contains(err.Error(), `option rooms_max of "a": want a whole number from 1 to 100, got 1000`) {
		t.Error(err)
	}
}

func TestPlugin(t *testing.T) {
	c := parsed(t, "[host.'a']\n[plugin.halls]\non_error = 'continue'\n")
	if s := c.Plugin("halls"); s.Name != "rooms" || s.OnError != sdk.Continue || s.Runtime != "lua" {
		t.Errorf("%+v", s)
	}
	if got := []sdk.OnError{c.OnError("rooms"), c.OnError("echo"), c.OnError("unheard_of")}; !reflect.DeepEqual(got, []sdk.OnError{sdk.Continue, sdk.Continue, sdk.Reject}) {
		t.Error(got)
	}
	if c.Resolve("halls") != "rooms" || c.Resolve("x") != "x" {
		t.Error(c.Resolve("halls"), c.Resolve("x"))
	}
}

func TestDisabled(t *testing.T) {
	c := parsed(t, "[global]\nmodules_disabled = ['ping', 'halls']\n[host.'a']\nmodules_enabled = ['ping']\nmodules_disabled = ['time']\n")
	for name, want := range map[string]bool{"ping": false, "rooms": true, "halls": true, "time": true, "uptime": false} {
		if got := c.Disabled("a", name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestLoad: paths are relative to the file, and manifests of the operator's own plugins count.
func TestLoad(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("mine/mod_own/plugin.toml", "aliases = ['possession']\n[options.own_thing]\ntype = 'boolean'\n")
	write("mine/mod_pong.lua", "")
	path := filepath.Join(dir, "x.toml")
	write("x.toml", "[global]\nplugin_paths = ['mine']\nmodules_enabled = ['pong']\n[host.'a']\nown_thing = 3\nown_thin = true\n")
	_, err := Load(path, fstest.MapFS{"ping/plugin.toml": {}})
	want := "x.toml:5: [host.\"a\"] own_thing: want true or false, got 3\nx.toml:6: [host.\"a\"] unknown option own_thin; did you mean own_thing?"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	write("x.toml", "[global]\nplugin_paths = ['mine', '/']\n[host.'a']\nmodules_enabled = ['possession']\n")
	c, err := Load(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.PluginPaths(); !reflect.DeepEqual(got, []string{filepath.Join(dir, "mine"), "/"}) {
		t.Error(got)
	}
	if got := c.Modules("a", nil); !reflect.DeepEqual(got, []string{"own"}) {
		t.Error(got)
	}
	if _, err := Load(filepath.Join(dir, "nothing"), nil); err == nil {
		t.Error("a file that is not there was read")
	}
}

// TestOwnName: a plugin of the operator's own goes before the alias of a shipped one, in every list of names.
func TestOwnName(t *testing.T) {
	text := "[global]\nplugin_paths = ['mine']\nmodules_disabled = ['pong']\n[plugin.halls]\non_error = 'continue'\n" +
		"[component.'c']\nplugin = 'halls'\nmodules_enabled = ['rooms']\n[host.'a']\nmodules_disabled = ['halls']\n"
	for _, file := range []string{"", "mod_halls.lua", "halls/mod_halls.lua", "mod_halls/mod_halls.lua", "mod_halls/halls/mod_halls.lua", "halls/other.lua"} {
		dir := t.TempDir()
		path := filepath.Join(dir, "mine", file)
		if err := os.MkdirAll(filepath.Join(dir, "mine", filepath.Dir(file)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil && file != "" {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "x.toml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Load(filepath.Join(dir, "x.toml"), os.DirFS("testdata/plugins"))
		if err != nil {
			t.Fatal(err)
		}
		got := []any{c.Resolve("halls"), c.Modules("c", nil), c.Option("c", "component_module"), c.Plugin("halls").Name, c.Disabled("a", "rooms")}
		want := []any{"rooms", []string{"rooms"}, "rooms", "rooms", true}
		if strings.HasSuffix(file, "mod_halls.lua") {
			want = []any{"halls", []string{"halls", "rooms"}, "halls", "halls", false}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("with %q: got %v, want %v", file, got, want)
		}
		if other := c.Synonyms("halls"); !reflect.DeepEqual(other, []string{"rooms"}) || !reflect.DeepEqual(c.Synonyms("rooms"), []string{"halls"}) {
			t.Error(other, c.Synonyms("rooms"))
		}
	}
}

func TestWrongManifest(t *testing.T) {
	for text, want := range map[string]string{
		"summry = 'x'":                                             "strict mode",
		"[options.a]\ndefault = 1":                                 "type is missing",
		"[options.a]\ntype = 'bool'":                               `unknown type "bool"`,
		"[options.a]\ntype = 'boolean'\ndefault = 1":               "want true or false",
		"[options.a]\ntype = 'boolean'\nunit = 'x'":                "unit: unknown",
		"[options.a]\ntype = 'integer'\nmin = 2\ndefault = 1":      "at least 2",
		"[options.a]\ntype = 'string'\nvalues = ['b']\nopen = 'x'": "open: unknown, or of the wrong type",
	} {
		_, err := Parse("x", []byte("[host.'a']"), fstest.MapFS{"p/plugin.toml": {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "p/plugin.toml") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestParsePeriod(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"1 week": 7 * day, "2 weeks": 14 * day, "5m": 5 * time.Minute, "1.5h": 90 * time.Minute, "90": 90 * time.Second, "3 mo": 90 * day,
		"1 Day": day, "10 min": 10 * time.Minute, " 4 sec ": 4 * time.Second, "1y": 365 * day, "never": Forever, "1e": 0, "": 0, "x": 0,
		"5 parsecs": 0, "99999999 years": Forever, "1.2.3 s": 0, "1 monthss": 0,
	} {
		got, err := ParsePeriod(s)
		if got != want || (err != nil) != (want == 0) {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"modules_enabled", "modules_disabled", "name", "vcard", "c2s_ports", "s2s_ports"}
	for s, want := range map[string]string{
		"modules_enable": "modules_enabled", "modul_enabeld": "", "mdules_enabled": "modules_enabled", "nmae": "name", "names": "name", "vcard4": "",
		"Name": "name", "other": "", "modules_disbaled": "modules_disabled", "x2s_ports": "c2s_ports", "": "",
	} {
		if got := nearest(s, names); got != want {
			t.Errorf("%q: %q", s, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/golden/*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		input, _, _ := strings.Cut(string(src), dashes)
		f.Add(input)
	}
	manifests := os.DirFS("testdata/plugins")
	f.Fuzz(func(t *testing.T, src string) {
		if strings.Contains(src, "plugin_paths") {
			return // leads to directories of this machine
		}
		c, err := Parse("f", []byte(src), manifests)
		if (c == nil) == (err == nil) {
			t.Fatal(c, err)
		}
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f:") {
				t.Fatalf("error without a place: %v", err)
			}
			return
		}
		for _, h := range c.Hosts() {
			c.Modules(h.Name, builtin)
			if r := c.Reader(h.Name); r.Int("rooms_max") < 1 || r.Err() != nil {
				t.Fatal(r.Err())
			}
		}
	})
}

func TestStorageDriver(t *testing.T) {
	c := parsed(t, "[global]\nstorage = { log = 'memory' }\ndefault_storage = 'sqlite'\n[host.'a']\n[host.'b']\nstorage = 'internal'\n")
	for place, want := range map[[2]string]string{{"a", "log"}: "memory", {"a", "roster"}: "sqlite", {"b", "log"}: "internal"} {
		if got := c.StorageDriver(place[0], place[1]); got != want {
			t.Errorf("%v: %q", place, got)
		}
	}
	for host, want := range map[string][]string{"a": {"memory", "sqlite"}, "b": {"internal", "sqlite"}} {
		if got := c.StorageDrivers(host); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v", host, got)
		}
	}
	if got := parsed(t, "[host.'a']").StorageDriver("a", "x"); got != "" {
		t.Error(got)
	}
}
