package interop

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
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

func TestSlixmppRegistersANickInARoom(t *testing.T) {
	python := slixmpp(t)
	accounts := map[string]string{}
	for _, account := range cast {
		accounts[account] = password
	}
	srv := startServer(t, host.Options{Config: quatrain.DefaultConfig}, accounts)
	addr := srv.Addrs()[0].(*net.TCPAddr)
	args := []string{"room_register.py", "--host", addr.IP.String(), "--port", strconv.Itoa(addr.Port),
		"--ca", certificate(t, srv.DataDir())}
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
