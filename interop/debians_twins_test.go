package interop

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"quatrain/host"
	"quatrain/spec"
	"quatrain/xmpp/jid"
)

// twinsOfOurs are Debian's modules that do what plugins of ours do: those that go before ours in plugin_paths, and those that are linked under
// another name since nothing replaces the server's own.
var twinsOfOurs = []string{"adhoc", "cron", "disco", "ping", "private", "register", "register_ibr", "register_limits", "time", "uptime",
	"user_account_management", "vcard", "version", "watchregistrations",
	"their_iq=iq", "their_message=message", "their_offline=offline", "their_presence=presence", "their_roster=roster",
	"their_saslauth=saslauth", "their_tls=tls"}

// Our own protocol scripts, but for those of rooms, go with Debian's modules in the place of ours as they go on Prosody, which has the same modules.
func TestScriptsOnDebiansTwins(t *testing.T) {
	document := readDifferences(t)
	for _, file := range protocolScripts(t) {
		name := scriptName(file)
		if folder := folderName(file); folder != "spec" && !slices.Contains(twinsOfOurs, folder) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := playOnTwins(t, file, document.scripts[name])
			if (err != nil) != document.scripts[name] {
				t.Errorf("%s says that it goes otherwise on Prosody: %v; with Debian's modules: %v", differencesFile, document.scripts[name], err)
			}
		})
	}
}

func playOnTwins(t *testing.T, file string, differs bool) error {
	script := parseScript(t, file)
	dir := t.TempDir()
	link(t, dir, twinsOfOurs...)
	text := withTwins(t, configurationFor(t, file), filepath.Join(dir, "modules"))
	plugins := filepath.Join(dir, "plugins.toml")
	if err := os.WriteFile(plugins, text, 0o600); err != nil {
		t.Fatal(err)
	}
	accounts := map[string]string{}
	for _, client := range script.Clients {
		if account := jid.MustParse(client.JID); account.Local() != "" {
			accounts[account.Bare().String()] = client.Password
		}
	}
	options := host.Options{ConfigFile: plugins}
	if differs { // a module that fails is a difference
		options.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	srv := startServer(t, options, accounts)
	player := spec.Player{Dial: spec.Only(srv.Addrs()[0].String()), Timeout: 4 * spec.DefaultTimeout}
	if differs {
		player.Timeout = spec.DefaultTimeout / 2
	}
	return player.Play(t.Context(), script)
}

func absolutePath(t *testing.T, file string) string {
	t.Helper()
	full, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	return full
}

// withTwins is a plugins.toml with Debian's modules in the place of ours.
func withTwins(t *testing.T, file, modules string) []byte {
	t.Helper()
	config := readPlugins(t, file)
	paths := []any{modules}
	own, _ := config.Global["plugin_paths"].([]any)
	for _, path := range own {
		paths = append(paths, filepath.Join(filepath.Dir(absolutePath(t, file)), path.(string)))
	}
	config.Global["plugin_paths"] = paths
	for _, options := range config.Host {
		var enabled, disabled []any
		for _, entry := range twinsOfOurs {
			if link, name, renamed := cutLink(entry); renamed {
				enabled, disabled = append(enabled, link), append(disabled, name)
			}
		}
		list, _ := options["modules_enabled"].([]any)
		options["modules_enabled"], options["modules_disabled"] = append(list, enabled...), disabled
	}
	var b bytes.Buffer
	writeSection(t, &b, "global", config.Global)
	for name, options := range config.Host {
		writeSection(t, &b, fmt.Sprintf("host.%q", name), options)
	}
	for name, options := range config.Component {
		writeSection(t, &b, fmt.Sprintf("component.%q", name), options)
	}
	return b.Bytes()
}

func writeSection(t *testing.T, b *bytes.Buffer, name string, options map[string]any) {
	t.Helper()
	text, err := toml.Marshal(options)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(b, "[%s]\n%s", name, text)
}
