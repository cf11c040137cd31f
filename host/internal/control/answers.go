package control

import (
	"encoding/json"
	"errors"
	"io"
	"sync"
)

var errEnded = errors.New("the shell has been closed")

// answers writes what a conversation says. Commands may go on printing after it has ended.
type answers struct {
	mu    sync.Mutex // guards the rest
	w     io.Writer
	flush func() error
	ended bool
}

func (a *answers) say(out ShellOutput) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ended {
		return errEnded
	}
	if err := json.NewEncoder(a.w).Encode(out); err != nil {
		return err
	}
	return a.flush()
}

// close keeps everybody from the connection, which belongs to the HTTP server again.
func (a *answers) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = true
}

var errLine = errors.New("a line of the shell is too long")

// limitedLines reads at most left bytes; whoever reads from it fills that up for each line.
type limitedLines struct {
	r    io.Reader
	left int
}

func (l *limitedLines) Read(p []byte) (n int, err error) {
	if l.left <= 0 {
		return 0, errLine
	}
	n, err = l.r.Read(p[:min(len(p), l.left)])
	l.left -= n
	return n, err
}
