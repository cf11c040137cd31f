package interop

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"quatrain/host"
	"quatrain/spec"
)

// pythonPlugin makes a folder of examples/python in which the plugin can be started. It needs Debian's packages, which in CI have to be there.
func pythonPlugin(t *testing.T) (folder string) {
	t.Helper()
	const packages = "import grpc, google.protobuf, cryptography"
	if exec.Command("/usr/bin/python3", "-c", packages).Run() != nil {
		missing(t, "one of python3-grpcio, python3-protobuf, python3-cryptography")
	}
	protoc, err := exec.LookPath("protoc")
	if err != nil {
		missing(t, "protobuf-compiler")
	}
	folder = t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("../examples/python")); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(protoc, "-I", "../sdk/wire", "--python_out", folder, "plugin.proto").CombinedOutput(); err != nil {
		t.Fatalf("protoc: %v\n%s", err, out)
	}
	return folder
}

func startWithReminders(t *testing.T, folder string) *host.Server {
	t.Helper()
	return startServer(t, host.Options{ConfigFile: filepath.Join(folder, "spec", "plugins.toml")}, accounts())
}

func TestPythonPluginPassesItsScript(t *testing.T) {
	folder := pythonPlugin(t)
	srv := startWithReminders(t, folder)
	play(t, srv, filepath.Join(folder, "spec", "reminders.scs"))
	pid := processOf(t, folder)
	stopServer(t, srv)
	if syscall.Kill(pid, 0) == nil {
		t.Errorf("the plugin's process %d outlasts its server", pid)
	}
}

// What the plugin has promised it keeps, although its process is killed and another one takes its place.
func TestPythonPluginKeepsItsPromises(t *testing.T) {
	folder := pythonPlugin(t)
	srv := startWithReminders(t, folder)
	dial := spec.Only(srv.Addrs()[0].String())
	playText(t, dial, "testdata/reminders/promised.scs", nil)
	if err := syscall.Kill(processOf(t, folder), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	playText(t, dial, "testdata/reminders/kept.scs", nil)
}

// processOf is the process of the plugin whose configuration is in a folder, where it runs.
func processOf(t *testing.T, folder string) (pid int) {
	t.Helper()
	processes, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		t.Fatal(err)
	}
	for _, process := range processes {
		if dir, err := os.Readlink(process); err != nil || dir != filepath.Join(folder, "spec") {
			continue // it has ended meanwhile, or is another one
		}
		if pid, err = strconv.Atoi(strings.Split(process, "/")[2]); err != nil {
			t.Fatal(err)
		}
		return pid
	}
	t.Fatalf("no process runs in %s", folder)
	return 0
}
