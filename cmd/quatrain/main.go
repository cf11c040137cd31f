// Command quatrain is the server and its tools in one binary. Run "quatrain help" for the commands; without one it runs the server.
package main

import (
	"context"
	"io"
	"os"
)

// Exit codes.
const (
	exitOK    = 0
	exitFail  = 1 // what was asked for did not succeed
	exitUsage = 2 // the command line is wrong
)

// program is what a command may use of the process.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
}

func main() {
	p := &program{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	os.Exit(p.main(context.Background(), os.Args[1:]))
}
