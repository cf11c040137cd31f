package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// machine is where and with what something was measured.
type machine struct {
	CPU      string            `json:"cpu"` // its model
	Cores    int               `json:"cores"`
	Memory   int64             `json:"memory_bytes"`
	Kernel   string            `json:"kernel"`
	System   string            `json:"system"` // the distribution
	Go       string            `json:"go"`
	Versions map[string]string `json:"versions"` // of the servers
	Date     string            `json:"date"`     // UTC, RFC 3339
}

// thisMachine says what it can find out; what it cannot stays empty.
func thisMachine() machine {
	m := machine{Go: runtime.Version(), Date: time.Now().UTC().Format(time.RFC3339), Versions: map[string]string{}}
	info, _ := os.ReadFile("/proc/cpuinfo")
	m.Cores = max(onlineCores(info), runtime.NumCPU())
	m.CPU = fieldOf(info, "model name", ":")
	release, _ := os.ReadFile("/etc/os-release")
	m.System = strings.Trim(fieldOf(release, "PRETTY_NAME", "="), `"`)
	var sys unix.Sysinfo_t
	if unix.Sysinfo(&sys) == nil {
		m.Memory = int64(sys.Totalram) * int64(sys.Unit)
	}
	var name unix.Utsname
	if unix.Uname(&name) == nil {
		m.Kernel = unix.ByteSliceToString(name.Release[:])
	}
	for _, peer := range []string{"prosody", "ejabberd"} {
		m.Versions[peer] = answerOf("dpkg-query", "-W", "-f", "${Version}", peer)
	}
	m.Versions["quatrain"] = answerOf("git", "describe", "--always", "--dirty")
	return m
}

// onlineCores counts in /proc/cpuinfo, as this process may have been kept off some.
func onlineCores(info []byte) int {
	return bytes.Count(append([]byte("\n"), info...), []byte("\nprocessor\t"))
}

// fieldOf is the value of the first line that begins with a key.
func fieldOf(text []byte, key, separator string) string {
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		if name, value, found := strings.Cut(lines.Text(), separator); found && strings.TrimSpace(name) == key {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func answerOf(command string, args ...string) string {
	out, err := exec.Command(command, args...).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
