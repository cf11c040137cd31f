package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	programserve "quatrain/sdk/serve"
	"quatrain/spec"
)

// runAsProgram makes the test binary the program itself, so that there is a process to kill.
const runAsProgram = "QUATRAIN_TEST_RUN_AS_PROGRAM"

func TestMain(m *testing.M) {
	programserve.InTestMain(servedInTest)
	if os.Getenv(runAsProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// installation is a configuration, data and accounts: what stays when the server ends.
type installation struct {
	data    string // directory
	options []string
}

// casts are the people of the scripts in testdata.
var casts = map[string]string{
	"romeo@localhost": "montague", "juliet@localhost": "capulet", "rosaline@localhost": "capulet", "tybalt@localhost": "capulet",
}

// install writes a configuration, which begins with [global], and makes the accounts.
func install(t *testing.T, config string) *installation {
	t.Helper()
	i := installOnly(t, config)
	for account, password := range casts {
		if got := run(t, password+"\n", append(append([]string{"user"}, i.options...), "add", account)...); got.code != exitOK {
			t.Fatalf("%+v", got)
		}
	}
	return i
}

// installOnly is install without accounts.
func installOnly(t *testing.T, config string) *installation {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "plugins.toml")
	text := strings.Replace(config, "[global]\n", "[global]\ninterfaces = [\"127.0.0.1\"]\nc2s_ports = [0]\nc2s_direct_tls_ports = []\n", 1)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	return &installation{data: data, options: []string{"--config", file, "--data", data}}
}

// reconfigure changes the configuration.
func (i *installation) reconfigure(t *testing.T, change func(config string) string) {
	t.Helper()
	file := i.options[slices.Index(i.options, "--config")+1]
	text, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(file, []byte(change(string(text))), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// process is a server in a process of its own.
type process struct {
	cmd     *exec.Cmd
	address string
	log     logbook
	drained chan struct{}
	ended   bool
}

var listening = regexp.MustCompile(`msg="listening for clients" address=(\S+)`)

// start runs the server until the test ends or kill or stop is called, and waits until it listens.
func (i *installation) start(t *testing.T) *process {
	t.Helper()
	p := &process{cmd: exec.Command(os.Args[0], i.options...), drained: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), runAsProgram+"=1")
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	lines := bufio.NewScanner(stderr)
	for p.address == "" && lines.Scan() {
		p.note(lines.Text())
	}
	go func() {
		defer close(p.drained)
		for lines.Scan() {
			p.note(lines.Text())
		}
	}()
	if p.address == "" {
		p.kill()
		t.Fatalf("the server does not listen:\n%s", p.log.String())
	}
	return p
}

func (p *process) note(line string) {
	p.log.Write([]byte(line + "\n"))
	if m := listening.FindStringSubmatch(line); m != nil {
		p.address = m[1]
	}
}

func (p *process) end(signal os.Signal) {
	if p.ended {
		return
	}
	p.ended = true
	_ = p.cmd.Process.Signal(signal)
	<-p.drained
	_ = p.cmd.Wait()
}

// kill ends the server with SIGKILL, stop with SIGTERM.
func (p *process) kill() { p.end(syscall.SIGKILL) }
func (p *process) stop() { p.end(syscall.SIGTERM) }

// endings are the two ways in which a server ends.
var endings = map[string]func(*process){"kill": (*process).kill, "stop": (*process).stop}

// play plays a script and calls atEnd, which may be nil, before its clients leave.
func (p *process) play(t *testing.T, file string, atEnd func()) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p.playText(t, file, string(src), atEnd)
}

// playText is play with the script's text.
func (p *process) playText(t *testing.T, name, text string, atEnd func()) {
	t.Helper()
	script, err := spec.Parse(name, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	player := spec.Player{Dial: spec.Only(p.address), Timeout: 20 * time.Second, AtEnd: atEnd}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := player.Play(ctx, script); err != nil {
		t.Fatalf("%v\nthe server's log:\n%s", err, p.log.String())
	}
}
