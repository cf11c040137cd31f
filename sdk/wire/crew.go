package wire

import (
	"runtime"
	"sync"
	"time"

	"quatrain/sdk"
)

// crew does what frames ask for, one job after the other, on as many goroutines as there are cores. They stay, since the stack of a new one would have
// to grow with each job. Who waits for something tells (sdk.Chain.Wait), and another takes its place. Who does not tell is found out: when no
// job has been begun for a moment, each that waits gets a goroutine of its own. So jobs keep each other waiting no more than goroutines do.
type crew struct {
	mu     sync.Mutex // guards the rest, and worker.shift; nothing is called under it
	limit  int        // of those at work
	jobs   []job
	first  int // of those jobs that wait
	busy   int // workers of this shift that are at work
	shift  uint64
	idle   []*worker
	closed bool

	begun, seen uint64 // jobs: now, and when it was last looked
	timer       *time.Timer
	watched     bool // whether it runs
}

// job is something to do. It may take its time.
type job interface{ do(w *worker) }

// worker is a goroutine of a crew.
type worker struct {
	crew  *crew
	wake  chan struct{}
	shift uint64    // for which it counts as busy; 0 for none
	out   sdk.Batch // of a job; nil if there is no output
}

const (
	// patience is for how long a job may keep others waiting.
	patience = time.Millisecond
	// maxIdle is how many workers wait for something to do.
	maxIdle = 64
)

func (c *crew) init() { c.limit, c.shift = runtime.GOMAXPROCS(0), 1 }

// add lets somebody do a job.
func (c *crew) add(j job) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.jobs = append(c.jobs, j)
	c.staff()
}

// staff sees to it that somebody takes the next job. Called with mu held.
func (c *crew) staff() {
	switch {
	case c.waiting() == 0:
	case c.busy < c.limit:
		c.busy++
		c.start(nil)
	default:
		c.watch()
	}
}

func (c *crew) waiting() int { return len(c.jobs) - c.first }

// start lets a worker begin with a job, or with the next one that waits. Called with mu held.
func (c *crew) start(j job) {
	shift := c.shift
	if j != nil {
		shift = 0 // it is one too many
	}
	if n := len(c.idle); n > 0 && j == nil {
		w := c.idle[n-1]
		c.idle = c.idle[:n-1]
		w.shift = shift
		w.wake <- struct{}{} // has room
		return
	}
	go (&worker{crew: c, wake: make(chan struct{}, 1), shift: shift}).work(j)
}

func (w *worker) work(j job) {
	for stay := true; ; {
		if j != nil {
			j.do(w)
		}
		if j, stay = w.crew.next(w); j != nil {
			continue
		}
		if !stay {
			return
		}
		<-w.wake
	}
}

// next is what a worker does next. If there is nothing it stays, to be woken, or ends.
func (c *crew) next(w *worker) (j job, stay bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leave(w)
	if c.waiting() > 0 && c.busy < c.limit {
		c.busy++
		w.shift = c.shift
		return c.take(), true
	}
	if c.closed || len(c.idle) >= maxIdle {
		return nil, false
	}
	c.idle = append(c.idle, w)
	return nil, true
}

// take is the job that has waited longest. Called with mu held.
func (c *crew) take() job {
	j := c.jobs[c.first]
	c.jobs[c.first] = nil
	c.first++
	c.begun++
	switch {
	case c.first == len(c.jobs):
		c.jobs, c.first = c.jobs[:0], 0
	case c.first > 64 && c.first > len(c.jobs)/2:
		n := copy(c.jobs, c.jobs[c.first:])
		clear(c.jobs[n:])
		c.jobs, c.first = c.jobs[:n], 0
	}
	return j
}

// leave makes a worker's place free. Called with mu held.
func (c *crew) leave(w *worker) {
	if w.shift == c.shift {
		c.busy--
	}
	w.shift = 0
}

// Release gives the place of a worker who waits to another (sdk.Holder).
func (w *worker) Release(*sdk.Chain) (retake func()) {
	c := w.crew
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leave(w)
	c.staff()
	return nil
}

// watch looks soon whether jobs are begun. Called with mu held.
func (c *crew) watch() {
	switch {
	case c.watched:
		return
	case c.timer == nil:
		c.timer = time.AfterFunc(patience, c.look)
	default:
		c.timer.Reset(patience)
	}
	c.watched, c.seen = true, c.begun
}

// look is called by the timer as long as jobs wait. If no job has been begun meanwhile, those who are at work count no more, and nothing waits.
func (c *crew) look() {
	limit := runtime.GOMAXPROCS(0)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.limit, c.watched = limit, false
	if c.waiting() == 0 {
		return
	}
	if c.begun == c.seen {
		c.shift++
		c.busy = 0
		for c.waiting() > 0 {
			c.start(c.take())
		}
		return
	}
	c.watch()
}

// close lets the workers end when there is nothing left to do.
func (c *crew) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for _, w := range c.idle {
		close(w.wake)
	}
	c.idle = nil
}

var _ sdk.Holder = (*worker)(nil)
