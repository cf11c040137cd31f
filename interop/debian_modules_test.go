package interop

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
)

// People of the scripts who have accounts; others register.
var people = map[string]string{"romeo@localhost": "montague", "juliet@localhost": "capulet", "escalus@localhost": "prince"}

// debianServer is a server with Debian's modules: those named, and those they depend on, unless there is one of ours.
func debianServer(t *testing.T, runtime, options string, onHost, onRooms []string) *host.Server {
	t.Helper()
	dir := t.TempDir()
	link(t, dir, append(append([]string{"pubsub", "pep", "csi"}, onHost...), onRooms...)...)
	config := fmt.Sprintf(`
[global]
plugin_paths = [%q]
admins = ["escalus@localhost"]
modules_enabled = ["tls", "saslauth", "roster", "disco", "register"]
allow_registration = true
%s
[host."localhost"]
modules_enabled = [%s]
[component."conference.localhost"]
plugin = "muc_core"
modules_enabled = [%s]
`, filepath.Join(dir, "modules"), options, quoted(onHost), quoted(onRooms))
	return startServer(t, host.Options{Config: []byte(config), Runtimes: twins(runtime)}, people)
}

func quoted(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return `"` + strings.Join(names, `", "`) + `"`
}

// Modules that nobody here wrote load, as they are, on the hosts they are for.
func TestDebianModulesLoad(t *testing.T) { forTwins(t, debianModulesLoad) }

func debianModulesLoad(t *testing.T, runtime string) {
	wanted := map[string][]string{
		"localhost": {
			"admin_adhoc", "announce", "block_strangers", "blocklist", "carbons", "csi", "csi_simple", "filter_chatstates", "groups", "host_guard",
			"lastactivity", "limits", "list_inactive", "log_auth", "motd", "mimicking", "server_contact_info",
			"stanza_counter", "stanza_debug", "throttle_presence", "tombstones", "track_muc_joins", "turn_external", "user_account_management",
			"watchregistrations", "welcome", "default_bookmarks", "external_services", "broadcast", "require_otr", "measure_active_users",
			"lastlog", "lastlog2", "vcard_legacy", "register_limits", "ping_muc", "private_adhoc", "mam", "mam_adhoc", "smacks", "pep", "bookmarks",
			"c2s_conn_throttle", "carbons_copies", "cloud_notify", "csi_battery_saver", "ipcheck", "legacyauth", "s2s_smacks_timeout",
			"sasl2", "sasl2_bind2", "sasl2_fast", "sasl2_sm", "tokenauth",
		},
		"conference.localhost": {"muc_log", "muc_mam", "muc_moderation", "muc_restrict_media", "muc_rtbl", "muc_unique", "pubsub_subscription", "vcard_muc"},
	}
	srv := debianServer(t, runtime, "external_service_secret = \"x\"\nturn_external_secret = \"x\"\nhost_guard_blockall = []\nmuc_rtbl_jid = \"lists.localhost\"", wanted["localhost"], wanted["conference.localhost"])
	loaded := srv.Plugins()
	for name, modules := range wanted {
		for _, module := range modules {
			t.Run(module, func(t *testing.T) {
				if !slices.ContainsFunc(loaded, func(p host.PluginInfo) bool { return p.Name == module && (p.Host == name || p.Host == "*") }) {
					t.Errorf("not loaded on %s", name)
				}
			})
		}
	}
}

// company are the modules that others need beside them.
var company = map[string][]string{"welcome": {"watchregistrations"}, "mam_adhoc": {"mam"}}

// They do what they are for: each script in testdata/debian is named after the module that it is played with. A plugins.toml of the same
// name, if there is one, is the server's configuration, and begins with the modules that are Debian's: "# debian: NAME…". LINK=NAME is one
// that is linked under another name, because the server does not replace its own plugin of that name.
func TestDebianModulesWork(t *testing.T) {
	files, err := filepath.Glob("testdata/debian/*.scs")
	if err != nil || len(files) == 0 {
		t.Fatalf("scripts: %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(stem(file), func(t *testing.T) {
			if config, found := configOf(t, file); found {
				play(t, configuredServer(t, config), file)
				return
			}
			modules := append([]string{stem(file)}, company[stem(file)]...)
			options := "motd_text = \"Part, fools!\"\nwelcome_message = \"Hello $username, welcome to $host\""
			forTwins(t, func(t *testing.T, runtime string) { play(t, debianServer(t, runtime, options, modules, nil), file) })
		})
	}
}

// configOf is the configuration beside a script.
func configOf(t *testing.T, script string) (config string, found bool) {
	t.Helper()
	b, err := os.ReadFile(strings.TrimSuffix(script, ".scs") + ".toml")
	if errors.Is(err, fs.ErrNotExist) {
		return "", false
	}
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(b), `"testdata/`, `"`+absolutePath(t, "testdata")+"/"), true
}

// configuredServer is a server with a configuration and those of Debian's modules that its first line names, in its plugin_paths, before ours
// in testdata/modules.
func configuredServer(t *testing.T, config string) *host.Server {
	t.Helper()
	return configuredServerOn(t, t.TempDir(), config, people)
}

// configuredServerOn is configuredServer with data that may be there, and accounts to be made.
func configuredServerOn(t *testing.T, data, config string, accounts map[string]string) *host.Server {
	t.Helper()
	names := debianNames(t, config)
	dir := t.TempDir()
	link(t, dir, names...)
	ours, err := filepath.Abs("testdata/modules")
	if err != nil {
		t.Fatal(err)
	}
	paths := fmt.Sprintf("[global]\nplugin_paths = [%q, %q]\n", filepath.Join(dir, "modules"), ours)
	file := filepath.Join(dir, "plugins.toml")
	if err := os.WriteFile(file, []byte(strings.Replace(config, "[global]\n", paths, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	srv := startServerOn(t, data, host.Options{ConfigFile: file}, accounts)
	stopOnRequest(t, srv)
	return srv
}

// stopOnRequest ends a server when a module asks for it, as the program does.
func stopOnRequest(t *testing.T, srv *host.Server) {
	var waiting sync.WaitGroup
	waiting.Go(func() {
		select {
		case <-srv.ShutdownRequested():
			stopServer(t, srv)
		case <-t.Context().Done():
		}
	})
	t.Cleanup(waiting.Wait)
}

func debianNames(t *testing.T, config string) []string {
	t.Helper()
	first, _, _ := strings.Cut(config, "\n")
	names, found := strings.CutPrefix(first, "# debian:")
	if !found || !strings.Contains(config, "[global]\n") {
		t.Fatal("a configuration begins with \"# debian: NAME…\", and has a section [global]")
	}
	return strings.Fields(names)
}

// Prosody's own rooms run as they are, and its modules for rooms find them.
func TestProsodysRooms(t *testing.T) {
	config := `# debian: muc muc_unique
[global]
modules_enabled = ["tls", "saslauth", "roster", "disco"]
[host."localhost"]
[component."conference.localhost"]
plugin = "muc"
`
	play(t, configuredServer(t, config), "testdata/prosodys_rooms.scs")
}

// muc_register beside Prosody's rooms says that they do its work.
func TestRegistrationBesideProsodysRooms(t *testing.T) {
	dir := t.TempDir()
	link(t, dir, "muc", "muc_unique")
	var log strings.Builder
	config := fmt.Sprintf("[global]\nplugin_paths = [%q]\n[component.\"rooms.localhost\"]\nplugin = \"muc\"\nmodules_enabled = [\"muc_register\"]\n", filepath.Join(dir, "modules"))
	srv, err := host.New(host.Options{Config: []byte(config), DataDir: t.TempDir(), Plugins: plugins.FS, Library: lua.FS,
		Log: slog.New(slog.NewTextHandler(&log, nil)), Listen: &host.Listen{Plain: []string{"127.0.0.1:0"}}})
	if err != nil {
		t.Fatal(err)
	}
	err = srv.Start(t.Context())
	stopServer(t, srv)
	if err != nil || !strings.Contains(log.String(), "Prosody's muc registers nicks itself") {
		t.Error(err, log.String())
	}
}
