// Package procbridge runs plugins in processes of their own: it starts their programs with go-plugin, watches over them, starts them anew when they
// die, and ends them. What server and plugin say to each other is in sdk/wire and below.
package procbridge

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"time"

	"quatrain/sdk"
	"quatrain/sdk/wire/remote"
)

// Names are the errors that the module manager expects.
type Names struct{ NotFound, NotShared error }

// Program is how a plugin's process is started.
type Program struct {
	Command []string // the program first
	Dir     string   // where it runs; "" for the server's own directory
	SHA256  []byte   // of the program, nil for any
}

// Options of a source. Zero durations and numbers mean the default.
type Options struct {
	Names Names
	// Find tells how a plugin is started; ok is false for one that is no program.
	Find func(name string) (p Program, ok bool, err error)
	// Replaced is called when a process has taken the place of one that died, for those that depend on the plugin. It tells how many could not be
	// loaded again; Missed, which may be nil, tries those once more, after the pauses that there are between deaths.
	Replaced, Missed func(ctx context.Context, host, name string) (missing int)
	// GivenUp is called when a plugin has died too often: it is to be unloaded.
	GivenUp func(ctx context.Context, host, name string)
	Log     *slog.Logger

	// Wire is about the connection; Name, NotShared and Log are set here.
	Wire remote.Options
	// StartTimeout is how long a program may take until it can be spoken to: 30 s.
	StartTimeout time.Duration
	// Heartbeat is how long a process may take to answer when it is asked whether it lives, which happens more often: 5 s.
	Heartbeat time.Duration
	// Pause is how long to wait after the second death in a row; it doubles with each further one, up to MaxPause: 500 ms, 30 s.
	Pause, MaxPause time.Duration
	// Healthy is how long a process must live for its predecessors' deaths to be forgotten: 1 minute.
	Healthy time.Duration
	// MaxDeaths is after how many deaths in a row a plugin is given up, or attempts to load what depends on it: 10.
	MaxDeaths int
}

func (o Options) withDefaults() Options {
	set := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	set(&o.StartTimeout, 30*time.Second)
	set(&o.Heartbeat, 5*time.Second)
	set(&o.Pause, 500*time.Millisecond)
	set(&o.MaxPause, 30*time.Second)
	set(&o.Healthy, time.Minute)
	if o.MaxDeaths <= 0 {
		o.MaxDeaths = 10
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Source makes plugins that are programs, for the module manager.
type Source struct {
	opts Options

	mu  sync.Mutex // guards dir
	dir string     // of the sockets; "" until the first process
}

// NewSource makes a source. It is to be closed when its plugins have been unloaded.
func NewSource(opts Options) *Source { return &Source{opts: opts.withDefaults()} }

// New makes an instance whose process is started when it is loaded.
func (s *Source) New(name, host string) (sdk.Plugin, error) {
	program, ok, err := s.opts.Find(name)
	if err != nil {
		return nil, fmt.Errorf("plugin %q: %w", name, err)
	}
	if !ok {
		return nil, s.opts.Names.NotFound
	}
	dir, err := s.socketDir()
	if err != nil {
		return nil, fmt.Errorf("plugin %q: %w", name, err)
	}
	o := s.opts.Wire
	o.Sockets = dir
	o.Name, o.NotShared, o.Log = name, s.opts.Names.NotShared, s.opts.Log.With("host", host, "plugin", name)
	i := &Instance{source: s, name: name, program: program, log: o.Log, ended: make(chan *process, 1), closing: make(chan struct{})}
	i.Plugin = remote.New(o)
	return i, nil
}

// Check tells whether the plugin's program is there. A plugin that is no program is none of its business.
func (s *Source) Check(_ context.Context, name string) error {
	program, ok, err := s.opts.Find(name)
	if !ok || err != nil {
		return err
	}
	if _, err := exec.LookPath(program.Command[0]); err != nil {
		return fmt.Errorf("plugin %q: %w", name, err)
	}
	return nil
}

// socketDir is the private directory of the sockets. Directories that servers left behind that were killed are removed.
func (s *Source) socketDir() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dir != "" {
		return s.dir, nil
	}
	sweep(os.TempDir())
	dir, err := os.MkdirTemp("", fmt.Sprintf("%s%d-", socketDirs, os.Getpid()))
	if err != nil {
		return "", fmt.Errorf("making the directory of sockets: %w", err)
	}
	s.dir = dir
	return dir, nil
}

// Close removes the sockets.
func (s *Source) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dir == "" {
		return nil
	}
	return os.RemoveAll(s.dir)
}
