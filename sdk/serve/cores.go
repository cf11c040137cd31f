package serve

import (
	"os"
	"runtime"
)

// shareCores leaves half of the processor's cores to the server, unless the environment says how many are to be used (GOMAXPROCS): a stanza
// takes a fraction of the server's time here, and threads that look for work which others have taken cost more than they do. A plugin that has
// more to do may set its own number.
func shareCores() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(max(1, runtime.GOMAXPROCS(0)/2))
	}
}
