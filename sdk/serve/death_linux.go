package serve

import (
	"os"

	"golang.org/x/sys/unix"
)

// dieWithParent makes the system end the program when the server dies, however that happens.
func dieWithParent() {
	_ = unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0) // the end of the stream ends the program, too
	if os.Getppid() == 1 {
		os.Exit(1) // it has died already
	}
}
