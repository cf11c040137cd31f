package procbridge

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
)

// maxTail is how many of the last lines of a program's output are kept, for when it dies.
const maxTail = 60

// output takes what a program writes to its standard output and error: lines go to the log.
type output struct {
	log *slog.Logger

	mu   sync.Mutex // guards the rest
	rest []byte
	last []string
	bad  bool // whether what follows belongs to a crash
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.rest = append(o.rest, b...)
	for {
		line, rest, found := bytes.Cut(o.rest, []byte("\n"))
		if !found {
			break
		}
		o.line(strings.TrimRight(string(line), "\r"))
		o.rest = rest
	}
	if len(o.rest) > 64<<10 {
		o.line(string(o.rest))
		o.rest = nil
	}
	return len(b), nil
}

// crashes are how lines begin in which the Go runtime tells of a fault.
var crashes = []string{"panic:", "fatal error:", "runtime:", "WARNING: DATA RACE", "unexpected fault address", "SIG"}

func (o *output) line(line string) {
	if line == "" {
		return
	}
	if o.structured(line) {
		return
	}
	if o.last = append(o.last, line); len(o.last) > maxTail {
		o.last = o.last[1:]
	}
	for _, start := range crashes {
		o.bad = o.bad || strings.HasPrefix(line, start)
	}
	level := slog.LevelInfo
	if o.bad {
		level = slog.LevelError
	}
	o.log.Log(context.Background(), level, "the plugin's program wrote", "line", line)
}

// levels are hclog's.
var levels = map[string]slog.Level{"trace": slog.LevelDebug, "debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}

// structured takes a line in hclog's JSON.
func (o *output) structured(line string) bool {
	if !strings.HasPrefix(line, "{") {
		return false
	}
	var fields map[string]any
	if json.Unmarshal([]byte(line), &fields) != nil {
		return false
	}
	text, ok := fields["@message"].(string)
	if !ok {
		return false
	}
	name, _ := fields["@level"].(string)
	var attrs []any
	for key, value := range fields {
		if !strings.HasPrefix(key, "@") {
			attrs = append(attrs, key, value)
		}
	}
	o.log.Log(context.Background(), levels[name], text, attrs...)
	return true
}

// tail is the end of the output.
func (o *output) tail() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Join(o.last, "\n")
}
