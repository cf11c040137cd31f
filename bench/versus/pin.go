package main

import (
	"fmt"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// enoughFiles is how many descriptors the servers and the clients need: 10,000 sessions and some.
const enoughFiles = 12000

// manyFiles raises the limit of open files for this process and for the servers, which inherit it.
func manyFiles() error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	if limit.Max < enoughFiles {
		return fmt.Errorf("10,000 sessions take %d open files, and the limit is %d (ulimit -Hn)", enoughFiles, limit.Max)
	}
	limit.Cur = limit.Max
	return syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit) // said aloud, so that Go leaves the raised limit to the processes it starts
}

// serverCore is the core of a pinned server.
const serverCore = "0"

// aside tells a process that it is off the servers' core already.
const aside = "QUATRAIN_VERSUS_ASIDE"

// moveAside begins the program anew on all cores but the servers', as only then all of its threads are there.
func moveAside() error {
	if os.Getenv(aside) != "" {
		return nil
	}
	var cores unix.CPUSet
	if err := unix.SchedGetaffinity(0, &cores); err != nil {
		return err
	}
	if cores.Count() < 2 {
		return fmt.Errorf("to give the server a core of its own takes two; --pin=false shares them")
	}
	cores.Clear(0)
	runtime.LockOSThread()
	if err := unix.SchedSetaffinity(0, &cores); err != nil {
		return fmt.Errorf("leaving the servers' core: %w", err)
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	return syscall.Exec(exe, os.Args, append(os.Environ(), aside+"=1"))
}
