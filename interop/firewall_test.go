package interop

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"quatrain/host"
	"quatrain/spec"
	"quatrain/xmpp/jid"
)

// Debian's mod_firewall makes Lua of the rules in testdata/firewall and runs it.
func TestDebianFirewall(t *testing.T) {
	rules := copyRules(t)
	play(t, firewallServer(t, rules, "verona.pfw"), "testdata/firewall/verona.scs")
}

// In Prosody they do the same.
func TestDebianFirewallOnProsody(t *testing.T) {
	if _, err := exec.LookPath("prosody"); err != nil {
		missing(t, "prosody")
	}
	for script, rules := range map[string][]string{
		"verona": {"verona.pfw"}, "spam_blocking": {"module:scripts/spam-blocking.pfw", "strangers.pfw"},
	} {
		data := t.TempDir()
		for account, password := range people {
			writeAccount(t, data, jid.MustParse(account), password)
		}
		folder := copyRules(t)
		file, text := filepath.Join(folder, "plugins.toml"), firewallConfig(folder, rules)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		address, stop := startProsody(t, data, debianConfigForProsody(t, file, text))
		player := spec.Player{Dial: spec.Only(address), Timeout: 4 * spec.DefaultTimeout, Register: true}
		if err := player.Play(t.Context(), parseScript(t, "testdata/firewall/"+script+".scs")); err != nil {
			t.Error(err)
		}
		stop()
	}
}

// Rules that come with the module, with chains of their own that ours are called from.
func TestDebianFirewallScripts(t *testing.T) {
	play(t, firewallServer(t, copyRules(t), "module:scripts/spam-blocking.pfw", "strangers.pfw"), "testdata/firewall/spam_blocking.scs")
}

// What is changed in the file takes effect as the configuration is read again; what has a mistake is reported, and what was loaded goes.
func TestDebianFirewallReloads(t *testing.T) {
	rules := copyRules(t)
	file := filepath.Join(rules, "changing.pfw")
	changed := time.Now().Add(-time.Hour)
	write := func(rule string) {
		t.Helper()
		if err := os.WriteFile(file, []byte("::preroute\nKIND: message\n"+rule+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		changed = changed.Add(time.Minute)
		if err := os.Chtimes(file, changed, changed); err != nil {
			t.Fatal(err)
		}
	}
	write("BOUNCE=gone")
	srv := firewallServer(t, rules, "changing.pfw")
	play(t, srv, "testdata/firewall/gone.scs")
	write("BOUNCE=redirect")
	play(t, srv, "testdata/firewall/gone.scs")
	if err := srv.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	play(t, srv, "testdata/firewall/redirect.scs")
}

// A list that a web server has; marks that are stored.
func TestDebianFirewallLists(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "tybalt@localhost")
	}))
	defer web.Close()
	rules := copyRules(t)
	replaceIn(t, filepath.Join(rules, "lists.pfw"), "http://LISTSERVER", web.URL)
	srv := firewallServer(t, rules, "lists.pfw")
	inLua(t, srv, listFetched)
	play(t, srv, "testdata/firewall/lists.scs")
}

// listFetched waits until the list of the web server is there: the module asks for it as it is loaded.
const listFetched = `
local async, timer = require "util.async", require "util.timer"
local outlaws = hosts.localhost.modules.firewall.module:shared("definitions").LIST.outlaws
while not outlaws.items do
	local wait, done = async.waiter()
	timer.add_task(0.01, done)
	wait()
end`

func replaceIn(t *testing.T, file, old, with string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(text), old, with)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// copyRules makes a folder with the rules of testdata, in which their lists are found.
func copyRules(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/firewall")); err != nil {
		t.Fatal(err)
	}
	replaceIn(t, filepath.Join(dir, "verona.pfw"), "file:poisons.txt", "file:"+filepath.Join(dir, "poisons.txt"))
	return dir
}

func firewallServer(t *testing.T, rules string, scripts ...string) *host.Server {
	t.Helper()
	dir := t.TempDir()
	link(t, dir, "firewall")
	config := filepath.Join(dir, "plugins.toml")
	text := strings.Replace(firewallConfig(rules, scripts), "[global]\n", "[global]\nplugin_paths = [\"modules\"]\n", 1)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return startServer(t, host.Options{ConfigFile: config}, people)
}

// firewallConfig is a plugins.toml with rules from a folder, or of the module's own ("module:…").
func firewallConfig(rules string, scripts []string) string {
	var paths []string
	for _, s := range scripts {
		if !strings.HasPrefix(s, "module:") {
			s = filepath.Join(rules, s)
		}
		paths = append(paths, s)
	}
	return fmt.Sprintf(`# debian: firewall
[global]
admins = ["escalus@localhost"]
modules_enabled = ["tls", "saslauth", "roster", "disco", "ping", "register"]
allow_registration = true
[host."localhost"]
modules_enabled = ["firewall"]
firewall_scripts = [%s]
firewall_experimental_user_marks = true
`, quoted(paths))
}
