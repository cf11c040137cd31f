// Package watch tells that something in directories has changed, once it is quiet there again.
package watch

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// quiet is how long nothing must have happened until a change is told: editors write a file in several steps, and several files at once.
const quiet = 100 * time.Millisecond

// Watcher watches directories. Safe for concurrent use.
type Watcher struct {
	fs      *fsnotify.Watcher
	log     *slog.Logger
	changed func()
	after   func(d time.Duration, f func()) *time.Timer

	running sync.Mutex  // held while changed runs
	mu      sync.Mutex  // guards the rest
	timer   *time.Timer // of the change to be told; nil if there is none
	closed  bool
	ended   chan struct{}
}

// New makes a watcher of no directories yet. changed is called on a goroutine of its own, never twice at a time.
func New(log *slog.Logger, changed func()) (*Watcher, error) {
	notifier, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching files: %w", err)
	}
	w := &Watcher{fs: notifier, log: log, changed: changed, after: time.AfterFunc, ended: make(chan struct{})}
	go w.listen()
	return w, nil
}

func (w *Watcher) listen() {
	defer close(w.ended)
	for {
		select {
		case ev, ok := <-w.fs.Events:
			if !ok {
				return
			}
			if ev.Op != fsnotify.Chmod {
				w.Poke()
			}
		case err, ok := <-w.fs.Errors:
			if !ok {
				return
			}
			w.log.Warn("watching files", "err", err) // too much happens at once
			w.Poke()
		}
	}
}

// Poke says that something has changed.
func (w *Watcher) Poke() {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.closed:
	case w.timer != nil && w.timer.Reset(quiet): // it had not fired
	default:
		w.timer = w.after(quiet, w.tell)
	}
}

func (w *Watcher) tell() {
	w.running.Lock()
	defer w.running.Unlock()
	w.mu.Lock()
	closed := w.closed
	w.mu.Unlock()
	if !closed {
		w.changed()
	}
}

// Watch makes these the directories that are watched. One that is not there is passed over.
func (w *Watcher) Watch(dirs map[string]bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	watched := w.fs.WatchList() // those that were removed are no longer among them
	for _, dir := range watched {
		if !dirs[dir] {
			w.fs.Remove(dir) // it fails if the directory has gone meanwhile, and with it the watch
		}
	}
	for dir := range dirs {
		if slices.Contains(watched, dir) {
			continue
		}
		if err := w.fs.Add(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			w.log.Warn("a directory cannot be watched", "dir", dir, "err", err)
		}
	}
}

// Close ends the watching. When it returns, changed does not run any more.
func (w *Watcher) Close() error {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	err := w.fs.Close()
	<-w.ended
	w.running.Lock()
	defer w.running.Unlock()
	return err
}
