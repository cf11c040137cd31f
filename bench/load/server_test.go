package load

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"quatrain/host"
	"quatrain/host/collector"
	"quatrain/lua"
	"quatrain/plugins"
	muccore "quatrain/plugins/muc_core"
	mucregister "quatrain/plugins/muc_register"
	"quatrain/sdk"
	"quatrain/sdk/serve"
)

const (
	domain  = "localhost"
	service = "conference.localhost"
	members = "accounts.localhost" // has accounts, which anybody may make
	few     = "few.localhost"      // keeps but 100 rooms in memory
)

const config = `
[global]
modules_enabled = ["tls", "saslauth", "roster", "disco", "ping"]
c2s_require_encryption = false

[host."localhost"]
authentication = "anonymous"

[host."accounts.localhost"]
authentication = "internal_hashed"
modules_enabled = ["register"]
allow_registration = true
min_seconds_between_registrations = 0
allow_unencrypted_plain_auth = true

[component."conference.localhost"]
plugin = "muc_core"
modules_enabled = ["muc_register"]
muc_room_cache_size = 20000

[component."few.localhost"]
plugin = "muc_core"
modules_enabled = ["muc_register"]
muc_room_cache_size = 100
`

// serverRole in the environment makes this executable the server that is measured; profileFile names a file for its CPU profile. rooms says
// how rooms are run: "lua" (as if not set), "go" in a process of their own, "in-process" in Go within the server's, or by Prosody's own module.
const (
	serverRole  = "QUATRAIN_BENCH_SERVER"
	profileFile = "QUATRAIN_BENCH_PROFILE"
	rooms       = "QUATRAIN_BENCH_ROOMS"

	prosodysRooms    = "prosody"
	installedModules = "/usr/lib/prosody/modules"
)

// programs are the plugins that exist in Go.
var programs = map[string]func() sdk.Plugin{"muc_core": muccore.New, "muc_register": mucregister.New}

func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == "plugin" && os.Args[2] == "serve" { // the server starts its own executable
		serve.Plugin(programs[os.Args[3]])
		return
	}
	if os.Getenv(serverRole) != "" {
		run := func() error { return runServer(os.Stdin, os.Stdout) }
		if plan := os.Getenv(floor); plan != "" {
			run = func() error { return runFloor(plan, os.Stdin, os.Stdout) }
		}
		if err := run(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// hello is what a server says first.
type hello struct{ Plain, TLS string }

// usage is what a server process says about itself.
type usage struct {
	User, Sys  time.Duration
	Plugins    time.Duration // of the plugins' processes, user and system
	Goroutines int
	Heap       uint64 // bytes in use
	Stack      uint64 // bytes of goroutines' stacks
	RSS        uint64 // bytes
	Mallocs    uint64 // since the start
	GCs        uint32 // since the start
}

// cpu is the time of the server and of its plugins' processes.
func (u usage) cpu() time.Duration { return u.User + u.Sys + u.Plugins }

// runServer runs a server until in ends, and answers each line there, the name of a command, by a line of JSON.
func runServer(in io.Reader, out io.Writer) error {
	ctx := context.Background()
	data, err := os.MkdirTemp("", "quatrain-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(data)
	text, err := configFor(os.Getenv(rooms), data)
	if err != nil {
		return err
	}
	srv, err := host.New(host.Options{Config: text, DataDir: data, Plugins: plugins.FS, Library: lua.FS,
		Programs: programs, InProcess: os.Getenv(rooms) == "in-process", Runtimes: runtimes(os.Getenv(rooms)),
		Listen: &host.Listen{Plain: []string{"127.0.0.1:0"}, DirectTLS: []string{"127.0.0.1:0"}}})
	if err != nil {
		return err
	}
	if err := srv.Start(ctx); err != nil {
		return err
	}
	tuning, stop := context.WithCancel(ctx)
	defer stop()
	collector.Tune(tuning) // as the program does
	if err := answer(hello{srv.Addrs()[0].String(), srv.Addrs()[1].String()}, in, out); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	srv.Stop(ctx, "the benchmark has ended")
	return nil
}

// answer says hello, and then what each line asks for.
func answer(h hello, in io.Reader, out io.Writer) error {
	answers := json.NewEncoder(out)
	if err := answers.Encode(h); err != nil {
		return err
	}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		if err := answers.Encode(command(lines.Text())); err != nil {
			return err
		}
	}
	return nil
}

// configFor is the server's configuration. Prosody's rooms are linked from where Debian puts them.
func configFor(how, dir string) ([]byte, error) {
	if how != prosodysRooms {
		return []byte(config), nil
	}
	modules := filepath.Join(dir, "modules")
	if err := os.Mkdir(modules, 0o700); err != nil {
		return nil, err
	}
	for _, name := range []string{"muc", "mod_muc_unique.lua"} {
		if err := os.Symlink(filepath.Join(installedModules, name), filepath.Join(modules, name)); err != nil {
			return nil, err
		}
	}
	paths := fmt.Sprintf("[global]\nplugin_paths = [%q]", modules)
	return []byte(strings.NewReplacer("[global]", paths, `"muc_core"`, `"muc"`, `"muc_register"`, "").Replace(config)), nil
}

// runtimes is how plugins are run.
func runtimes(how string) map[string]string {
	if how == "" || how == "lua" || how == prosodysRooms {
		return nil
	}
	return map[string]string{"muc_core": "go", "muc_register": "go"}
}

// command does what a line asks for: "collect" garbage, "profile" from now on or end it, "goroutines" to standard error; "usage".
func command(name string) usage {
	switch name {
	case "collect":
		for range 4 { // each halves the stacks of idle goroutines
			debug.FreeOSMemory()
		}
	case "profile":
		toggleProfile()
	case "goroutines":
		pprof.Lookup("goroutine").WriteTo(os.Stderr, 1)
	case "heap":
		if f, err := os.Create(os.Getenv(profileFile) + ".heap"); err == nil {
			pprof.Lookup("heap").WriteTo(f, 0)
			f.Close()
		}
	}
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return usage{
		User: time.Duration(r.Utime.Nano()), Sys: time.Duration(r.Stime.Nano()), Plugins: pluginTime(), Goroutines: runtime.NumGoroutine(),
		Heap: m.HeapAlloc, Stack: m.StackInuse, RSS: residentBytes(), Mallocs: m.Mallocs, GCs: m.NumGC,
	}
}

// processTime is the CPU time of a process, user and system, to a hundredth of a second; 0 where the system does not say.
func processTime(pid int) time.Duration {
	const tick = 10 * time.Millisecond // USER_HZ
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * tick
}

// pluginTime is the CPU time of the processes that this one has started.
func pluginTime() (total time.Duration) {
	tasks, _ := filepath.Glob("/proc/self/task/*/children")
	for _, file := range tasks {
		children, _ := os.ReadFile(file)
		for child := range strings.FieldsSeq(string(children)) {
			if pid, err := strconv.Atoi(child); err == nil {
				total += processTime(pid)
			}
		}
	}
	return total
}

var profile *os.File

func toggleProfile() {
	if profile != nil {
		pprof.StopCPUProfile()
		profile.Close()
		profile = nil
		return
	}
	if f, err := os.Create(os.Getenv(profileFile)); err == nil {
		profile = f
		pprof.StartCPUProfile(f)
	}
}

// residentBytes is the process's resident memory, 0 where the system does not say.
func residentBytes() uint64 {
	var pages, resident uint64
	text, _ := os.ReadFile("/proc/self/statm")
	fmt.Sscan(string(text), &pages, &resident)
	return resident * uint64(os.Getpagesize())
}

// process is a server in a process of its own.
type process struct {
	hello
	tb      testing.TB
	in      io.WriteCloser
	answers *json.Decoder
	foreign int // process id of a server that is not ours, and cannot be asked; else 0
}

// start runs a server that ends with the test; env is added to its environment.
func start(tb testing.TB, env ...string) *process {
	tb.Helper()
	exe, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(append(os.Environ(), serverRole+"=1"), env...)
	cmd.Stderr = os.Stderr
	p := &process{tb: tb}
	if p.in, err = cmd.StdinPipe(); err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		p.in.Close()
		cmd.Wait()
	})
	p.answers = json.NewDecoder(out)
	if err := p.answers.Decode(&p.hello); err != nil {
		tb.Fatalf("starting the server: %v", err)
	}
	return p
}

// ask sends a command and returns what the process uses after it.
func (p *process) ask(command string) (u usage) {
	p.tb.Helper()
	if p.foreign != 0 {
		return usage{User: processTime(p.foreign)}
	}
	if _, err := io.WriteString(p.in, command+"\n"); err != nil {
		p.tb.Fatal(err)
	}
	if err := p.answers.Decode(&u); err != nil {
		p.tb.Fatal(err)
	}
	return u
}

// settled is the usage when all is quiet: after collecting garbage.
func (p *process) settled() usage { return p.ask("collect") }

// profile begins or ends a CPU profile if one is wanted.
func (p *process) profile() {
	if os.Getenv(profileFile) != "" {
		p.ask("profile")
	}
}

// busy is the CPU time that the process used during f.
func (p *process) busy(f func()) (before, after usage) {
	p.profile()
	before = p.ask("usage")
	f()
	after = p.ask("usage")
	p.profile()
	return before, after
}

func perUnit(d time.Duration, n int64) float64 {
	return float64(d) / float64(time.Microsecond) / float64(max(n, 1))
}

// report shows the CPU time between two usages by units of work.
func report(b *testing.B, before, after usage, n int64, unit string) {
	b.ReportMetric(perUnit(after.cpu()-before.cpu(), n), "server-µs/"+unit)
	b.ReportMetric(perUnit(after.Sys-before.Sys, n), "sys-µs/"+unit)
	if plugins := after.Plugins - before.Plugins; plugins > 0 {
		b.ReportMetric(perUnit(plugins, n), "plugin-µs/"+unit)
	}
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(max(n, 1)), "allocs/"+unit)
}
