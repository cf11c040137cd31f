package interop

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"quatrain"
	"quatrain/host"
)

// cast are the accounts of the scripts; they share a password.
var cast = []string{"romeo@localhost", "juliet@localhost", "rosaline@localhost"}

const password = "It is the east"

// slixmpp is the Python that has Debian's package python3-slixmpp. In CI it has to be there.
func slixmpp(t *testing.T) string {
	t.Helper()
	for _, python := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(python, "-c", "import slixmpp").Run() == nil {
			return python
		}
	}
	missing(t, "python3-slixmpp")
	return ""
}

// certificate is the file of the one that the server has made for itself.
func certificate(t *testing.T, data string) (file string) {
	t.Helper()
	err := filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".crt" {
			file = path
		}
		return err
	})
	if err != nil || file == "" {
		t.Fatalf("no certificate below %s: %v", data, err)
	}
	return file
}

// slixmpp 1.8 knows no channel binding but tls-unique. TLS 1.3 does not have that, and slixmpp tries it there all the same, so that a server
// which offers SCRAM-…-PLUS over TLS 1.3 has to refuse its SCRAM (RFC 5802 §6). It logs in with SCRAM over TLS 1.2, or where the operator
// leaves -PLUS out.
func TestSlixmppRegistersANickInARoom(t *testing.T) {
	python := slixmpp(t)
	withoutPlus := strings.Replace(string(quatrain.DefaultConfig), "[host.\"localhost\"]\n",
		"[host.\"localhost\"]\ndisable_sasl_mechanisms = [\"SCRAM-SHA-1-PLUS\", \"SCRAM-SHA-256-PLUS\"]\n", 1)
	tests := []struct {
		name, config string
		options      []string
	}{
		{"TLS 1.2", string(quatrain.DefaultConfig), []string{"--old-tls"}},
		{"TLS 1.3", withoutPlus, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			forTwins(t, func(t *testing.T, runtime string) {
				srv := startServer(t, host.Options{Config: []byte(test.config), Runtimes: twins(runtime)}, accounts())
				runScript(t, srv, python, "room_register.py", test.options...)
			})
		})
	}
}

// An owner's work in a room, with the archive, reserved nicks, the commands of admins and one of Debian's modules.
func TestSlixmppModeratesARoom(t *testing.T) {
	python := slixmpp(t)
	dir := t.TempDir()
	link(t, dir, "muc_moderation")
	config := strings.NewReplacer(
		"admins = []", fmt.Sprintf("admins = [\"romeo@localhost\"]\nplugin_paths = [%q]", filepath.Join(dir, "modules")),
		`modules_enabled = ["muc_register"]`, `modules_enabled = ["muc_register", "muc_mam", "muc_moderation"]`,
	).Replace(string(quatrain.DefaultConfig))
	forTwins(t, func(t *testing.T, runtime string) {
		srv := startServer(t, host.Options{Config: []byte(config), Runtimes: twins(runtime)}, accounts())
		runScript(t, srv, python, "room_moderation.py", "--old-tls")
	})
}

// accounts are those of the cast, with their password.
func accounts() map[string]string {
	passwords := map[string]string{}
	for _, account := range cast {
		passwords[account] = password
	}
	return passwords
}

// runScript runs a script with the address of the server, its certificate and the cast.
func runScript(t *testing.T, srv *host.Server, python, script string, options ...string) {
	t.Helper()
	addr := srv.Addrs()[0].(*net.TCPAddr)
	args := append([]string{script, "--host", addr.IP.String(), "--port", strconv.Itoa(addr.Port), "--ca", certificate(t, srv.DataDir())}, options...)
	for _, account := range cast {
		args = append(args, account+":"+password)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, python, args...).CombinedOutput()
	t.Logf("%s", out)
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		t.Error("the script failed")
	} else if err != nil {
		t.Fatal(err)
	}
}

// A phone with all that phones enable, on Debian's modules at once: its connection breaks, and nothing is lost.
func TestSlixmppOnAPhone(t *testing.T) {
	python := slixmpp(t)
	dir := t.TempDir()
	modules := []string{"smacks", "csi", "csi_simple", "carbons", "mam", "blocklist", "pep", "cloud_notify", "sasl2", "sasl2_bind2", "limits"}
	link(t, dir, append(modules, "pubsub")...)
	config := strings.NewReplacer(
		"admins = []", fmt.Sprintf("admins = []\nplugin_paths = [%q]", filepath.Join(dir, "modules")),
		"[host.\"localhost\"]\n", "[host.\"localhost\"]\nmodules_enabled = ["+quoted(modules)+"]\n",
	).Replace(string(quatrain.DefaultConfig))
	srv := startServer(t, host.Options{Config: []byte(config)}, accounts())
	runScript(t, srv, python, "phone.py", "--old-tls")
}
