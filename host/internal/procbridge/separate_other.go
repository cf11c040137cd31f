//go:build !linux

package procbridge

import (
	"os/exec"
	"syscall"
)

// separate gives the process a group of its own, which the terminal's signals do not reach.
func separate(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
