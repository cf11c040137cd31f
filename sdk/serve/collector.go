package serve

import (
	"os"
	"runtime/debug"
)

// collectAt is how far the heap grows beyond what is in use before garbage is collected (GOGC), as in the server: what a plugin makes for a stanza
// is used once, and at Go's 100 a quarter of the time of many rooms was collecting.
const collectAt = 300

// collectSeldom lets garbage gather, unless the environment says how much (GOGC). A plugin that keeps much may set its own number.
func collectSeldom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
}
