package main

import (
	"fmt"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

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
