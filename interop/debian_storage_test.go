package interop

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quatrain/host"
	"quatrain/xmpp/jid"
)

// storedOn is the configuration of a server with a module of Debian's as storage.
func storedOn(storage, modules string) string {
	return fmt.Sprintf(`
[global]
plugin_paths = [%q]
%s
modules_enabled = ["tls", "saslauth", "roster", "disco", "register", "vcard", "debug_sql"]
allow_registration = true
[host."localhost"]
[component."conference.localhost"]
plugin = "muc_core"
modules_enabled = ["muc_mam"]
muc_log_by_default = true
`, modules, storage)
}

// Prosody's storage modules, as they are and under other names, keep everything that the server and its plugins keep, over a restart. XEP-0227 has no
// place for rooms and offline messages, and storage_xep0227 uses a library of pubsub.
func TestDebianStorageKeeps(t *testing.T) {
	drivers := map[string]string{
		"internal": `default_storage = "debians_internal"`,
		"sql":      `default_storage = "debians_sql"`,
		"xep0227": `storage = { accounts = "debians_xep0227", roster = "debians_xep0227", vcard = "debians_xep0227" }
authentication = "debians_internal_plain"`, // as it keeps the first SCRAM keys of an account for ever
	}
	for driver, storage := range drivers {
		t.Run(driver, func(t *testing.T) {
			forTwins(t, func(t *testing.T, runtime string) {
				dir := t.TempDir()
				link(t, dir, "storage_debians_"+driver+"=storage_"+driver, "auth_debians_internal_plain=auth_internal_plain", "pubsub", "debug_sql")
				data, options := t.TempDir(), host.Options{Config: []byte(storedOn(storage, filepath.Join(dir, "modules"))), Runtimes: twins(runtime)}
				first := startServerOn(t, data, options, people)
				play(t, first, "testdata/storage/before.scs")
				stopServer(t, first)
				second := startServerOn(t, data, options, nil)
				play(t, second, "testdata/storage/after.scs")
				deleted(t, second, "romeo@localhost")
				_, err := os.Stat(filepath.Join(data, "quatrain.sqlite"))
				if _, all := strings.CutPrefix(storage, "default_storage"); all == (err == nil) {
					t.Errorf("whether the server's own database is there: %v", err)
				}
			})
		})
	}
}

// deleted deletes an account and sees that it is gone.
func deleted(t *testing.T, srv *host.Server, account string) {
	t.Helper()
	if err := srv.Accounts().Delete(t.Context(), jid.MustParse(account)); err != nil {
		t.Error(err)
	}
	for name, err := range srv.Accounts().All(t.Context(), jid.MustParse(account).Domain()) {
		if err != nil || name == jid.MustParse(account).Local() {
			t.Error(name, err)
		}
	}
}
