package interop

import (
	"path/filepath"
	"testing"
)

// isolatable are scripts whose modules work in processes of their own as well. Others hang fields on sessions for each other, which stay in the
// process of each, or replace a session's functions, which is an error there.
var isolatable = []string{
	"admin_adhoc", "admin_adhoc_hosts", "admin_adhoc_modules", "admin_adhoc_shutdown", "announce", "blocklist", "bookmarks", "carbons", "cron", "disco",
	"external_services", "invites", "lastactivity", "mam", "mimicking", "motd", "muc_mam", "muc_unique", "offline", "pep", "pep_plus", "pep_simple", "ping",
	"private", "pubsub", "register_ibr", "register_limits", "server_contact_info", "time", "turn_external", "uptime", "vcard", "vcard4", "vcard_legacy",
	"unknown", "version", "watchregistrations", "welcome",
}

// Debian's modules go through their scripts with each of them in a process of its own.
func TestDebianModulesIsolated(t *testing.T) {
	for _, name := range isolatable {
		script := filepath.Join("testdata", "debian", name+".scs")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, _ := configOf(t, script)
			for _, entry := range debianNames(t, config) {
				link, name, renamed := cutLink(entry)
				if renamed {
					name = link
				}
				config += "\n[plugin." + name + "]\nisolate = true\n"
			}
			play(t, configuredServer(t, config), script)
		})
	}
}

// Who hears that something is gone which an isolated module offered may still look at it.
func TestIsolatedCommandsAreRemoved(t *testing.T) {
	config := `# debian: admin_adhoc adhoc uptime
[global]
admins = ["escalus@localhost"]
modules_enabled = ["tls", "saslauth", "adhoc", "uptime", "admin_adhoc"]
[host."localhost"]
[plugin.uptime]
isolate = true
`
	play(t, configuredServer(t, config), "testdata/isolated_commands.scs")
}
