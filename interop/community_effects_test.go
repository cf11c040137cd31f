package interop

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"quatrain/host"
)

// Modules of the community whose effect is none that a client sees: what they store, count, print or log after the script of that name in
// testdata/effects has been played.
func TestDebianModulesEffects(t *testing.T) {
	for module, test := range map[string]struct {
		options, others string // of localhost, and what else it has
		code, want      string // in the server's console
		logged          string // a line of the log
		wrong           string // another, after an attempt with a wrong password
	}{
		"lastlog2": {
			code: `local s = require "core.storagemanager".open("localhost", "lastlog2", "map")
				local function at(event) local e = s:get("romeo", event); return e and os.time() - e.timestamp < 60 and (e.ip or "?") end
				return at "login", at "logout", at "registered"`,
			options: "lastlog_ip_address = true",
			want:    "127.0.0.1 127.0.0.1 nil",
		},
		"list_inactive": {
			others: `, "lastlog"`,
			code: `local m = hosts.localhost.modules.list_inactive
				local printed = {}
				m.print = function (line) table.insert(printed, (line:match("^%S+ %S+"))) end
				m.module.command { "localhost", "1day", "event" }
				table.sort(printed)
				return table.concat(printed, ", ")`,
			want: "escalus@localhost ?, juliet@localhost ?",
		},
		"log_auth": {
			options: `log_auth_ips = "all"`,
			logged:  "Successful authentication as romeo@localhost from IP: 127.0.0.1",
			wrong:   "Failed authentication attempt (not-authorized) for user romeo@localhost from IP: 127.0.0.1",
		},
		"measure_active_users": {
			others: `, "lastlog2"`,
			code:   `hosts.localhost.modules.measure_active_users.update_calculations()`,
			logged: "Active users (took 0s): 1 (24h), 1 (7d), 1 (30d)",
		},
		"stanza_counter": {
			code: `local c = prosody.stanza_counter
				return c.message.incoming, c.message.outgoing, c.presence.incoming > 0`,
			want: "1 1 true",
		},
	} {
		t.Run(module, func(t *testing.T) {
			log := &recorder{critic: newCritic(t)}
			srv := communityServer(t, log, module, test.others, test.options)
			play(t, srv, "testdata/effects/one_evening.scs")
			awaitLua(t, srv, test.code, test.want)
			if test.wrong != "" {
				tryLogin(t, srv, "romeo@localhost", "capulet")
			}
			for _, line := range []string{test.logged, test.wrong} {
				if !strings.Contains(log.String(), line) {
					t.Errorf("not logged: %s", line)
				}
			}
		})
	}
}

// reload_modules loads modules again as the configuration is read again; without it motd keeps the text that it had.
func TestDebianReloadModules(t *testing.T) {
	dir := t.TempDir()
	link(t, dir, "reload_modules", "motd")
	config := filepath.Join(dir, "plugins.toml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(config, []byte(`
[global]
plugin_paths = ["modules"]
modules_enabled = ["tls", "saslauth", "roster", "ping"]
[host."localhost"]
modules_enabled = ["motd", "reload_modules"]
reload_modules = ["motd"]
motd_text = "`+text+`"
`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("Two households")
	srv := startServer(t, host.Options{ConfigFile: config}, people)
	write("Part, fools!")
	if err := srv.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	play(t, srv, "testdata/effects/motd.scs")
}

// communityServer has one of Debian's modules on localhost, and Debian's modules that stand in others.
func communityServer(t *testing.T, log *recorder, module, others, options string) *host.Server {
	t.Helper()
	dir := t.TempDir()
	link(t, dir, append(strings.Fields(strings.NewReplacer(",", " ", `"`, "").Replace(others)), module)...)
	return startServer(t, host.Options{Log: slog.New(log), Config: []byte(`
[global]
log_level = "debug"
plugin_paths = ["` + filepath.Join(dir, "modules") + `"]
modules_enabled = ["tls", "saslauth", "roster", "disco", "ping"]
[host."localhost"]
modules_enabled = ["` + module + `"` + others + `]
` + options + "\n")}, people)
}

// recorder is a critic that keeps what it hears.
type recorder struct {
	*critic
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *recorder) Enabled(context.Context, slog.Level) bool { return true }

func (r *recorder) Handle(ctx context.Context, record slog.Record) error {
	r.mu.Lock()
	r.text.WriteString(record.Message + "\n")
	r.mu.Unlock()
	return r.critic.Handle(ctx, record)
}

func (r *recorder) WithAttrs([]slog.Attr) slog.Handler { return r }

func (r *recorder) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}
