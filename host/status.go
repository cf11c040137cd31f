package host

import (
	"context"
	"os"
	"runtime"
	"time"
)

// Status is how a running server is.
type Status struct {
	Version    string
	PID        int
	Started    time.Time
	Sessions   int // bound ones
	Goroutines int
	Heap       uint64 // bytes in use after the last collection of garbage, and what has come since
}

// Status looks at the server. collect gets rid of garbage first.
func (srv *Server) Status(collect bool) Status {
	if collect {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s := Status{Version: Version, PID: os.Getpid(), Started: srv.start, Goroutines: runtime.NumGoroutine(), Heap: m.HeapAlloc}
	for range srv.router.Sessions() {
		s.Sessions++
	}
	return s
}

// Status is Server.Status, after a collection of garbage.
func (c *Control) Status(ctx context.Context) (s Status, err error) {
	err = c.client.Do(ctx, "GET", "/status", nil, &s)
	return s, err
}
