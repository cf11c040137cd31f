package interop

import (
	"crypto/md5"
	"database/sql"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/spec"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// tryLogin tells how it ends when somebody logs in.
func tryLogin(t *testing.T, srv *host.Server, account, password string) error {
	t.Helper()
	src := fmt.Sprintf("[Client] Somebody\n\tjid: %s\n\tpassword: %s\n-----\nSomebody connects\n", account, password)
	script, err := spec.Parse("login", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	player := spec.Player{Dial: spec.Only(srv.Addrs()[0].String()), Timeout: 4 * spec.DefaultTimeout}
	return player.Play(t.Context(), script)
}

// authenticated is a server whose accounts are a module of Debian's, which runs under its own name unless another is given.
func authenticated(t *testing.T, name, alias, options string) *host.Server {
	t.Helper()
	dir, module := t.TempDir(), "auth_"+name
	if alias != name {
		module = "auth_" + alias + "=" + module
	}
	link(t, dir, module)
	config := fmt.Sprintf(`
[global]
plugin_paths = [%q]
modules_enabled = ["tls", "saslauth", "roster", "disco", "register"]
allow_registration = true
authentication = %q
%s
[host."localhost"]
`, filepath.Join(dir, "modules"), alias, options)
	return startServer(t, host.Options{Config: []byte(config)}, nil)
}

// want checks who may log in: account and password → whether it is right.
func want(t *testing.T, srv *host.Server, right map[[2]string]bool) {
	t.Helper()
	for who, ok := range right {
		if err := tryLogin(t, srv, who[0], who[1]); (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "not-authorized") {
			t.Errorf("%s with %q: %v", who[0], who[1], err)
		}
	}
}

// Accounts of Prosody's own modules can be made, used, changed and deleted, by clients and by the operator.
func TestDebianAccounts(t *testing.T) {
	for _, name := range []string{"internal_plain", "internal_hashed"} {
		t.Run(name, func(t *testing.T) {
			srv := authenticated(t, name, "debians_"+name, "")
			play(t, srv, "testdata/password.scs")
			nurse, accounts := jid.MustParse("nurse@localhost"), srv.Accounts()
			want(t, srv, map[[2]string]bool{{"nurse@localhost", "peter"}: true, {"nurse@localhost", "angelica"}: false, {"paris@localhost", "x"}: false})
			for _, err := range []error{accounts.SetPassword(t.Context(), nurse, "susan"), accounts.Create(t.Context(), jid.MustParse("romeo@localhost"), "montague")} {
				if err != nil {
					t.Error(err)
				}
			}
			want(t, srv, map[[2]string]bool{{"nurse@localhost", "susan"}: true, {"nurse@localhost", "peter"}: false, {"romeo@localhost", "montague"}: true})
			var names []string
			for name, err := range accounts.All(t.Context(), "localhost") {
				names = append(names, name)
				if err != nil {
					t.Error(err)
				}
			}
			if slices.Sort(names); !slices.Equal(names, []string{"nurse", "romeo"}) {
				t.Error(names)
			}
			deleted(t, srv, "nurse@localhost")
			want(t, srv, map[[2]string]bool{{"nurse@localhost", "susan"}: false})
		})
	}
}

// Whoever comes is let in.
func TestDebianInsecureAuth(t *testing.T) {
	srv := authenticated(t, "insecure", "insecure", `insecure_open_authentication = "Yes please, I know what I'm doing!"`)
	want(t, srv, map[[2]string]bool{{"nobody@localhost", "whatever"}: true})
}

// Accounts of a file with digests.
func TestDebianHA1(t *testing.T) {
	file := filepath.Join(t.TempDir(), "auth.txt")
	line := func(user, password string) string {
		return fmt.Sprintf("%s:%x:localhost:authorized\n", user, md5.Sum([]byte(user+":localhost:"+password)))
	}
	if err := os.WriteFile(file, []byte(line("romeo", "montague")+line("juliet", "capulet")), 0o600); err != nil {
		t.Fatal(err)
	}
	srv := authenticated(t, "ha1", "ha1", fmt.Sprintf("auth_ha1_file = %q", file))
	want(t, srv, map[[2]string]bool{{"romeo@localhost", "montague"}: true, {"juliet@localhost", "montague"}: false, {"nurse@localhost", "x"}: false})
	if err := srv.Accounts().SetPassword(t.Context(), jid.MustParse("romeo@localhost"), "x"); err == nil || !strings.Contains(err.Error(), "Changing passwords not supported") {
		t.Error(err)
	}
}

// Accounts of another program's database.
func TestDebianSQLAuth(t *testing.T) {
	file := filepath.Join(t.TempDir(), "accounts.sqlite")
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`CREATE TABLE authreg (username TEXT, realm TEXT, password TEXT);
		INSERT INTO authreg VALUES ('romeo', 'localhost', 'montague'), ('juliet', 'elsewhere', 'capulet')`)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	srv := authenticated(t, "sql", "sql", fmt.Sprintf("auth_sql = { driver = \"SQLite3\", database = %q }", file))
	want(t, srv, map[[2]string]bool{{"romeo@localhost", "montague"}: true, {"romeo@localhost", "x"}: false, {"juliet@localhost", "capulet"}: false})
}

// What needs a database server, or a library in C, says so when it is loaded.
func TestDebianAuthWithout(t *testing.T) {
	cases := map[string]struct{ name, options, reason string }{
		"a database server": {"sql", `auth_sql = { driver = "MySQL", database = "accounts" }`, "Cannot load driver MySQL. Available drivers are: SQLite3"},
		"a library in C":    {"cyrus", "", "cyrussasl"},
	}
	for what, c := range cases {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			link(t, dir, "auth_"+c.name)
			config := fmt.Sprintf("[global]\nplugin_paths = [%q]\n%s\n[host.\"localhost\"]\nauthentication = %q\n", filepath.Join(dir, "modules"), c.options, c.name)
			srv, err := host.New(host.Options{Config: []byte(config), DataDir: t.TempDir()})
			if err != nil {
				t.Fatal(err)
			}
			err = srv.Start(t.Context())
			stopServer(t, srv)
			if err == nil || !strings.Contains(err.Error(), c.reason) {
				t.Error(err)
			}
		})
	}
}

// Clients log in by certificates that somebody vouches for whom the operator trusts.
func TestDebianCCert(t *testing.T) {
	trusted, other := clientCertificate(t, "romeo@localhost"), clientCertificate(t, "romeo@localhost")
	file := filepath.Join(t.TempDir(), "authorities.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: trusted.Certificate[0]}), 0o600); err != nil {
		t.Fatal(err)
	}
	srv := authenticated(t, "ccert", "ccert", fmt.Sprintf(`c2s_ssl = { verify = ["peer"], cafile = %q }`, file))
	stranger := dialWire(t, addressOf(srv))
	if offer := stranger.encrypted(other); !offers(offer, "EXTERNAL") {
		t.Errorf("offered %s", offer)
	}
	stranger.send("<auth xmlns='%s' mechanism='EXTERNAL'>=</auth>", stanza.NSSASL)
	if failure := stranger.expect("failure", ""); failure.Child("account-disabled", stanza.NSSASL) == nil { // the module's word for it
		t.Errorf("got %s", failure)
	}
	romeo := dialWire(t, addressOf(srv))
	romeo.encrypted(trusted)
	romeo.send("<auth xmlns='%s' mechanism='EXTERNAL'>=</auth>", stanza.NSSASL)
	romeo.expect("success", "")
	romeo.open("")
	romeo.bind("balcony")
	romeo.send("<presence/>")
	if p := romeo.until("presence"); p.From() != "romeo@localhost/balcony" {
		t.Errorf("got %s", p)
	}
}

// Accounts of a module, too, are bound to the channel of the client that can.
func TestDebianAccountsAreBound(t *testing.T) {
	features := dialWire(t, addressOf(authenticated(t, "internal_plain", "debians_plain", ""))).encrypted().String()
	for _, want := range []string{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "tls-exporter"} {
		if !strings.Contains(features, want) {
			t.Errorf("%s is not offered: %s", want, features)
		}
	}
}

// Without a running server the operator changes accounts of a module in a store of another.
func TestDebianAccountsWithoutServer(t *testing.T) {
	dir := t.TempDir()
	link(t, dir, "auth_debians_plain=auth_internal_plain", "storage_debians_internal=storage_internal")
	config := fmt.Sprintf("[global]\nplugin_paths = [%q]\nauthentication = \"debians_plain\"\ndefault_storage = \"debians_internal\"\n[host.\"localhost\"]\n", filepath.Join(dir, "modules"))
	accounts, err := host.OpenAccounts(t.Context(), host.Options{Config: []byte(config), DataDir: dir, Library: lua.FS})
	if err != nil {
		t.Fatal(err)
	}
	defer accounts.Close(t.Context())
	romeo := jid.MustParse("romeo@localhost")
	for _, err := range []error{accounts.Create(t.Context(), romeo, "montague"), accounts.SetPassword(t.Context(), romeo, "wherefore")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "localhost", "accounts", "romeo.dat"))
	if err != nil || !strings.Contains(string(text), `"wherefore"`) {
		t.Errorf("%s %v", text, err)
	}
	if err := accounts.Delete(t.Context(), romeo); err != nil {
		t.Error(err)
	}
	for name := range accounts.All(t.Context(), "localhost") {
		t.Errorf("%s is still there", name)
	}
}
