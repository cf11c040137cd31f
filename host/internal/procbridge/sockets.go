package procbridge

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// socketDirs is how the names of directories with sockets begin; the number of the server's process follows.
const socketDirs = "quatrain-plugins-"

// sweep removes directories of servers that do not run any more. What cannot be removed is somebody else's.
func sweep(tmp string) {
	dirs, _ := filepath.Glob(filepath.Join(tmp, socketDirs+"*-*"))
	for _, dir := range dirs {
		number, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), socketDirs), "-")
		pid, err := strconv.Atoi(number)
		if err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			_ = os.RemoveAll(dir)
		}
	}
}
