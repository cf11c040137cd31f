package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// process is a server that has been started, with all processes that it has started itself.
type process struct {
	cmd     *exec.Cmd
	log     *os.File
	address string // of plain client connections
	dir     string
}

// launch starts a program in a directory, on one core if pinned, and waits until it listens on the address.
func launch(ctx context.Context, dir, address string, pinned bool, env []string, command ...string) (*process, error) {
	if pinned {
		command = append([]string{"taskset", "-c", serverCore}, command...)
	}
	log, err := os.Create(filepath.Join(dir, "output.log"))
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, log, log
	cmd.Env = append(os.Environ(), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", command, err)
	}
	p := &process{cmd: cmd, log: log, address: address, dir: dir}
	if err := p.listens(ctx); err != nil {
		p.stop()
		output, _ := os.ReadFile(log.Name())
		return nil, fmt.Errorf("%s: %w\n%s", command[0], err, output)
	}
	return p, nil
}

// slowest is how long a server may take to start.
const slowest = time.Minute

func (p *process) listens(ctx context.Context) error {
	deadline := time.Now().Add(slowest)
	for time.Now().Before(deadline) {
		conn, err := net.DialTimeout("tcp", p.address, time.Second)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return errors.New("it does not listen on " + p.address)
}

func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	ended := make(chan error, 1)
	go func() { ended <- p.cmd.Wait() }()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		_ = p.cmd.Process.Kill()
		<-ended
	}
	p.log.Close()
}

// usage is what a server and its processes have used until now.
type usage struct {
	cpu time.Duration
	rss int64 // bytes
}

// clockTick is the unit of times in /proc (sysconf(_SC_CLK_TCK), 100 on all architectures that Go knows).
const clockTick = 10 * time.Millisecond

func (p *process) usage() (total usage, err error) {
	processes, err := readProcesses()
	if err != nil {
		return total, err
	}
	root := p.cmd.Process.Pid
	for pid, one := range processes {
		if descends(processes, pid, root) {
			if exact, known := cpuClock(pid); known {
				one.cpu = exact
			}
			total.cpu += one.cpu
			total.rss += one.rss
		}
	}
	return total, nil
}

// cpuClock is the CPU time of a process and its threads, also those that have ended, to the nanosecond: /proc counts hundredths of a second, which is
// much where little is done. Such a clock has no name in the library: its number is made of the process's (clock_getcpuclockid(3)).
func cpuClock(pid int) (time.Duration, bool) {
	const scheduled = 2 // CPUCLOCK_SCHED: user and system together
	var t unix.Timespec
	if unix.ClockGettime(int32(^pid)<<3|scheduled, &t) != nil {
		return 0, false
	}
	return time.Duration(t.Nano()), true
}

// ownTime is the CPU time of this process, which is the load generator.
func ownTime() time.Duration {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r) // it cannot fail for the process itself
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

type oneProcess struct {
	parent int
	usage
}

// descends is whether a process is root, or was started by it or one of its.
func descends(all map[int]oneProcess, pid, root int) bool {
	for pid > 1 {
		if pid == root {
			return true
		}
		pid = all[pid].parent
	}
	return false
}

func readProcesses() (map[int]oneProcess, error) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	all := make(map[int]oneProcess, len(files))
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended meanwhile
		}
		pid, one, err := parseStat(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all[pid] = one
	}
	return all, nil
}

// parseStat reads /proc/PID/stat (proc(5)): pid (name) state ppid …, times of the process and of the children it has waited for, size in pages.
func parseStat(text []byte) (pid int, one oneProcess, err error) {
	head, rest, found := bytes.Cut(text, []byte(" ("))
	end := bytes.LastIndexByte(rest, ')')
	if !found || end < 0 {
		return 0, one, errors.New("want PID (NAME) …")
	}
	fields := strings.Fields(string(rest[end+1:]))
	if len(fields) < 22 {
		return 0, one, fmt.Errorf("want 22 fields after the name, got %d", len(fields))
	}
	number := func(s string) int64 {
		n, failed := strconv.ParseInt(s, 10, 64)
		err = errors.Join(err, failed)
		return n
	}
	one.parent = int(number(fields[1]))
	one.cpu = time.Duration(number(fields[11])+number(fields[12])) * clockTick
	one.rss = number(fields[21]) * int64(os.Getpagesize())
	return int(number(string(head))), one, err
}
