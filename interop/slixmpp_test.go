package interop

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"quatrain"
	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
	"quatrain/xmpp/jid"
)

// cast are the accounts of the scripts; they share a password.
var cast = []string{"romeo@localhost", "juliet@localhost", "rosaline@localhost"}

const password = "It is the east"

// startServer starts one with the default configuration and the accounts of the cast.
func startServer(t *testing.T) *host.Server {
	t.Helper()
	srv, err := host.New(host.Options{
		Config: quatrain.DefaultConfig, DataDir: t.TempDir(), Plugins: plugins.FS, Library: lua.FS,
		Log:    slog.New(slog.NewTextHandler(t.Output(), nil)),
		Listen: &host.Listen{Plain: []string{"127.0.0.1:0"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := srv.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := srv.Stop(ctx, "the test has ended"); err != nil {
			t.Errorf("stopping the server: %v", err)
		}
	})
	for _, account := range cast {
		if err := srv.Accounts().Create(t.Context(), jid.MustParse(account), password); err != nil {
			t.Fatal(err)
		}
	}
	return srv
}

// slixmpp is the Python that has Debian's package python3-slixmpp. In CI it has to be there.
func slixmpp(t *testing.T) string {
	t.Helper()
	for _, python := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(python, "-c", "import slixmpp").Run() == nil {
			return python
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("python3-slixmpp is not installed")
	}
	t.Skip("python3-slixmpp is not installed")
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
	srv := startServer(t)
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
