package host_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quatrain/spec"
)

// debianModules is where Debian's packages prosody and prosody-modules put modules.
const debianModules = "/usr/lib/prosody/modules"

// borrow makes a plugin directory of some of Debian's modules, as they are. It is one of links, because the whole directory would go
// before the server's own plugins.
func borrow(t *testing.T, names ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range names {
		from := filepath.Join(debianModules, "mod_"+name)
		if _, err := os.Stat(from); err != nil {
			from += ".lua"
		}
		if _, err := os.Stat(from); err != nil {
			from = filepath.Join(debianModules, name)
		}
		if _, err := os.Stat(from); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatalf("the packages prosody and prosody-modules are to be installed: %v", err)
			}
			t.Skipf("needs Debian's packages prosody and prosody-modules: %v", err)
		}
		if err := os.Symlink(from, filepath.Join(dir, filepath.Base(from))); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Media of people without affiliation are taken out of what they say; a member's stay.
func TestRestrictMedia(t *testing.T) {
	s := start(t, setting{config: fmt.Sprintf(`
[global]
plugin_paths = [%q]
modules_enabled = ["tls", "saslauth", "roster", "disco"]
[host."localhost"]
[component."conference.localhost"]
plugin = "muc_core"
modules_enabled = ["muc_restrict_media"]
muc_room_locking = false
`, borrow(t, "muc_restrict_media"))})
	text, err := os.ReadFile("testdata/restrict_media.scs")
	if err != nil {
		t.Fatal(err)
	}
	s.play("restrict_media.scs", string(text))
}

// Who registers has the support contact in the roster, and the support has the user.
func TestSupportContact(t *testing.T) {
	s := start(t, setting{config: fmt.Sprintf(`
[global]
plugin_paths = [%q]
modules_enabled = ["tls", "saslauth", "roster", "disco", "register", "support_contact"]
[host."localhost"]
allow_registration = true
support_contact_nick = "Friar Laurence"
`, borrow(t, "support_contact"))})
	script, err := spec.Parse("support_contact.scs", []byte(`
[Client] Romeo
	jid: romeo@localhost
	password: montague
-----
Romeo connects
Romeo sends:
	<iq type="get" id="r"><query xmlns="jabber:iq:roster"/></iq>
Romeo receives:
	<iq type="result" id="r"><query xmlns="jabber:iq:roster">
		<item jid="support@localhost" name="Friar Laurence" subscription="both"/>
	</query></iq>
`))
	if err != nil {
		t.Fatal(err)
	}
	s.lua(`require "core.usermanager".create_user("support", "secret", "localhost")`)
	player := spec.Player{Dial: spec.Only(s.Addrs()[0].String()), Register: true}
	if err := player.Play(t.Context(), script); err != nil {
		t.Error(err)
	}
	s.want("both true", `local r = require "core.rostermanager".load_roster("support", "localhost")["romeo@localhost"]
		return r.subscription, r.groups.Users`)
}

// Who registers is welcomed, and the administrators are told.
func TestWelcomeAndWatchRegistrations(t *testing.T) {
	s := start(t, setting{config: fmt.Sprintf(`
[global]
plugin_paths = [%q]
admins = ["escalus@localhost"]
modules_enabled = ["tls", "saslauth", "roster", "register", "welcome", "watchregistrations"]
[host."localhost"]
allow_registration = true
welcome_message = "Hello $username, welcome to $host"
`, borrow(t, "welcome", "watchregistrations"))})
	script, err := spec.Parse("welcome.scs", []byte(`
[Client] Escalus
	jid: escalus@localhost
	password: prince
[Client] Romeo
	jid: romeo@localhost
	password: montague
-----
Escalus connects
Escalus sends:
	<presence/>
Escalus receives:
	<message from="localhost"><body>Hello escalus, welcome to localhost</body></message>
Romeo connects
Romeo sends:
	<presence/>
Romeo receives:
	<message from="localhost"><body>Hello romeo, welcome to localhost</body></message>
Escalus receives:
	<message from="localhost"><body>User romeo just registered on localhost from 127.0.0.1</body></message>
`))
	if err != nil {
		t.Fatal(err)
	}
	player := spec.Player{Dial: spec.Only(s.Addrs()[0].String()), Register: true}
	if err := player.Play(t.Context(), script); err != nil {
		t.Error(err)
	}
}

// Other modules of Debian's, unchanged: they load on the hosts they are for.
func TestDebianModulesLoad(t *testing.T) {
	onHost := []string{
		"announce", "block_strangers", "blocklist", "carbons", "csi", "csi_simple", "filter_chatstates", "groups", "host_guard",
		"lastactivity", "limits", "list_inactive", "log_auth", "motd", "mimicking", "server_contact_info",
		"stanza_counter", "stanza_debug", "throttle_presence", "tombstones", "track_muc_joins", "turn_external", "user_account_management",
		"watchregistrations", "welcome", "default_bookmarks", "external_services", "broadcast", "require_otr", "measure_active_users",
		"lastlog", "lastlog2", "vcard_legacy", "register_limits", "ping_muc", "private_adhoc", "mam", "smacks", "pep", "bookmarks",
	}
	onRooms := []string{"muc_log", "muc_moderation", "muc_unique", "muc_mam", "vcard_muc"}
	s := start(t, setting{config: fmt.Sprintf(`
[global]
plugin_paths = [%q]
modules_enabled = ["tls", "saslauth", "roster", "disco"]
[host."localhost"]
modules_enabled = [%s]
external_service_secret = "x"
turn_external_secret = "x"
host_guard_blockall = []
[component."conference.localhost"]
plugin = "muc_core"
modules_enabled = [%s]
`, borrow(t, append(append(onHost, "pubsub", "adhoc"), onRooms...)...), quoted(onHost), quoted(onRooms))})
	for host, names := range map[string][]string{"localhost": onHost, "conference.localhost": onRooms} {
		for _, name := range names {
			t.Run(name, func(t *testing.T) {
				s := &stage{s.Server, t, s.log}
				s.want("true", fmt.Sprintf(`return require "core.modulemanager".is_loaded(%q, %q)`, host, name))
				for line := range strings.Lines(s.log.String()) {
					if strings.Contains(line, "plugin="+name+" ") && strings.Contains(line, "level=ERROR") && !strings.Contains(line, "event=") {
						t.Log(line)
					}
				}
			})
		}
	}
}

func quoted(names []string) string { return `"` + strings.Join(names, `", "`) + `"` }

// Debian's modules do what they are for: each script in testdata/debian is named after the module that it is played with.
func TestDebianModulesWork(t *testing.T) {
	files, err := filepath.Glob("testdata/debian/*.scs")
	if err != nil || len(files) == 0 {
		t.Fatalf("scripts: %v, %v", files, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".scs")
		t.Run(name, func(t *testing.T) {
			script, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := start(t, setting{config: fmt.Sprintf(`
[global]
plugin_paths = [%q]
modules_enabled = ["tls", "saslauth", "roster", "disco"]
[host."localhost"]
modules_enabled = [%q]
motd_text = "Part, fools!"
`, borrow(t, "carbons", "blocklist", "motd", "lastactivity", "block_strangers", "csi", "csi_simple", "pep", "pubsub", "mam"), name)})
			s.play(name, string(script))
		})
	}
}

// Prosody's own rooms, under another name because ours have theirs, run as they are.
func TestProsodysRooms(t *testing.T) {
	dir := borrow(t, "muc", "muc_unique", "adhoc")
	if err := os.Symlink(filepath.Join(debianModules, "muc", "mod_muc.lua"), filepath.Join(dir, "mod_other_rooms.lua")); err != nil {
		t.Fatal(err)
	}
	s := start(t, setting{config: fmt.Sprintf(`
[global]
plugin_paths = [%q]
modules_enabled = ["tls", "saslauth", "roster", "disco"]
[host."localhost"]
[component."conference.localhost"]
plugin = "other_rooms"
`, dir)})
	text, err := os.ReadFile("testdata/prosodys_rooms.scs")
	if err != nil {
		t.Fatal(err)
	}
	s.play("prosodys_rooms.scs", string(text))
	for line := range strings.Lines(s.log.String()) {
		if strings.Contains(line, "level=ERROR") {
			t.Error(line)
		}
	}
}
