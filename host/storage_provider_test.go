package host_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"quatrain/xmpp/jid"
)

const shelved = `
[global]
plugin_paths = ["testdata/modules"]
modules_enabled = ["roster", "saslauth", "tls", "disco"]
storage = { %s }
[host."localhost"]
modules_enabled = ["shelf_trial"]
allow_unencrypted_plain_auth = true
`

// A Lua module as storage driver.
func TestStorageProvider(t *testing.T) {
	config := fmt.Sprintf(shelved, `boxes = "shelf", wrapped = "shelf"`)
	t.Run("in the server", func(t *testing.T) { runHarness(t, setting{config: config}, nil) })
	t.Run("of a module in a process of its own", func(t *testing.T) {
		runHarness(t, setting{config: config + "\n[plugin.shelf_trial]\nisolate = true\n"}, []string{"drivers by name"}) // which stay in the server
	})
}

// The core's accounts and rosters on a module's driver, while Lua modules ask for them: nobody waits for somebody who waits for him.
func TestStorageProviderUnderTheCore(t *testing.T) {
	s := start(t, setting{config: fmt.Sprintf(shelved, `accounts = "shelf", account_roles = "shelf", roster = "shelf"`)})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var all sync.WaitGroup
	for i := range 4 {
		user := fmt.Sprintf("user%d", i)
		all.Go(func() {
			s.play(user, fmt.Sprintf(rosterChanges, user))
		})
		all.Go(func() {
			for round := range 20 {
				s.lua(fmt.Sprintf(`local rm = require "core.rostermanager";
					local roster = rm.load_roster(%[1]q, "localhost");
					roster["friend%[2]d@elsewhere"] = { subscription = "none", groups = {} };
					rm.save_roster(%[1]q, "localhost", roster, "friend%[2]d@elsewhere");
					return require "core.usermanager".get_user_role(%[1]q, "localhost").name`, user, round))
			}
		})
		all.Go(func() {
			s.Accounts().SetPassword(ctx, jid.MustParse("other@localhost"), user) // there is none: that is asked for
		})
	}
	all.Wait()
	s.want("Benvolio", `return require "core.rostermanager".load_roster("user0", "localhost")["benvolio@localhost"].name`)
	if err := s.Accounts().Delete(t.Context(), jid.MustParse("user0@localhost")); err != nil {
		t.Error(err)
	}
	s.want("nil", `return tostring(require "core.rostermanager".load_roster("user0", "localhost")["benvolio@localhost"])`)
}

var rosterChanges = "[Client] Somebody\n\tjid: %s@localhost\n\tpassword: secret\n-----\nSomebody connects\n" + strings.Repeat(`Somebody sends:
	<iq type="set" id="roster"><query xmlns="jabber:iq:roster"><item jid="benvolio@localhost" name="Benvolio"/></query></iq>
Somebody receives:
	<iq type="result" id="roster"/>
`, 10)
