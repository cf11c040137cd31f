package interop

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quatrain/host"
	"quatrain/xmpp/stanza"
)

// dovecot is an authentication server as Dovecot's protocol 1.1 has it, with one user, on a socket of the file system.
func dovecot(t *testing.T, socket, user, password string) {
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				fmt.Fprint(conn, "VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nDONE\n")
				for lines := bufio.NewScanner(conn); lines.Scan(); {
					if parts := strings.Split(lines.Text(), "\t"); parts[0] == "AUTH" {
						fmt.Fprint(conn, dovecotAnswer(parts, user, password))
					}
				}
			}()
		}
	}()
}

// dovecotAnswer to AUTH, id, mechanism, parameters…
func dovecotAnswer(parts []string, user, password string) string {
	for _, part := range parts {
		response, found := strings.CutPrefix(part, "resp=")
		if said, err := base64.StdEncoding.DecodeString(response); found && err == nil && string(said) == "\x00"+user+"\x00"+password {
			return "OK\t" + parts[1] + "\tuser=" + user + "\n"
		}
	}
	return "FAIL\t" + parts[1] + "\treason=unknown\n"
}

// People whom a Dovecot knows log in.
func TestDebianDovecotAuth(t *testing.T) {
	folder := filepath.Join(installed(t, "auth_dovecot"), "auth_dovecot") // one folder deeper than others
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		t.Skip("this version has it elsewhere")
	}
	dir := t.TempDir()
	if err := os.Symlink(folder, filepath.Join(dir, "mod_auth_dovecot")); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "auth")
	dovecot(t, socket, "romeo", "montague")
	config := fmt.Sprintf("[global]\nplugin_paths = [%q]\nmodules_enabled = [\"tls\", \"saslauth\"]\ndovecot_auth_socket = %q\n[host.\"localhost\"]\nauthentication = \"dovecot\"\n", dir, socket)
	srv := startServer(t, host.Options{Config: []byte(config)}, nil)
	want(t, srv, map[[2]string]bool{{"romeo@localhost", "montague"}: true, {"romeo@localhost", "capulet"}: false})
}

// People log in with a token that another server knows.
func TestDebianOAuth(t *testing.T) {
	tokens := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, secret, _ := r.BasicAuth()
		if id != "chat" || secret != "s3cret" || r.URL.Path != "/tokens/wherefore" {
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer tokens.Close()
	dir := t.TempDir()
	link(t, dir, "auth_oauthbearer", "sasl_oauthbearer")
	config := fmt.Sprintf(`
[global]
plugin_paths = [%q]
modules_enabled = ["tls", "saslauth", "sasl_oauthbearer"]
oauth_client_id = "chat"
oauth_client_secret = "s3cret"
oauth_url = "%s/tokens/{{password}}"
[host."localhost"]
authentication = "oauthbearer"
`, filepath.Join(dir, "modules"), tokens.URL)
	srv := startServer(t, host.Options{Config: []byte(config)}, nil)
	for token, answer := range map[string]string{"wherefore": "<success", "art": "<not-authorized"} {
		message := base64.StdEncoding.EncodeToString([]byte("n,a=romeo@localhost,\x01auth=Bearer " + token + "\x01\x01"))
		w := dialWire(t, addressOf(srv))
		w.encrypted()
		w.send("<auth xmlns='%s' mechanism='OAUTHBEARER'>%s</auth>", stanza.NSSASL, message)
		if got := w.next().String(); !strings.Contains(got, answer) {
			t.Errorf("%s: %s", token, got)
		}
	}
}
