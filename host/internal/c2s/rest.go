package c2s

import (
	"errors"
	"os"
	"time"

	"quatrain/sdk"
)

// A goroutine that has handled stanzas has a stack of 8 KiB or more, which the collector does not shrink below 4 however little of it is in
// use. A stream on which nothing has come for a while therefore rests: it is waited for on a goroutine that has done nothing yet, whose stack
// is as small as they come.

// restAfter is how often the streams are looked at; one that has been quiet for all of that time rests.
const restAfter = 5 * time.Second

// States of a stream as far as resting goes.
const (
	busyState     int32 = iota // something has come since the streams were looked at
	quietState                 // nothing has
	calledState                // its goroutine has been told to let it rest, by a deadline that has passed
	restlessState              // it is not told so: it rests already, or must not be interrupted
)

// errRest ends the talk until there is something to read.
var errRest = errors.New("nothing to read")

// rest waits for input.
func (st *stream) rest() {
	st.restless()
	st.in.failed = st.socket.Wait()
	st.state.Store(busyState)
	st.read()
}

// busy notes that something has come. What calls the stream to rest is not taken back by it.
func (st *stream) busy() {
	if st.state.Load() == quietState {
		st.state.CompareAndSwap(quietState, busyState)
	}
}

// restless is for what must not be interrupted.
func (st *stream) restless() {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.state.Swap(restlessState) == calledState {
		st.link.Until(st.until)
	}
}

// called tells whether the error of a read is only the call to rest.
func (st *stream) called(err error) bool {
	if err == nil || st.state.Load() != calledState || !errors.Is(err, os.ErrDeadlineExceeded) {
		return false
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	st.state.Store(busyState)
	st.link.Until(st.until)
	return true
}

// call lets a stream rest that has been quiet since the last time.
func (st *stream) call() {
	if st.state.CompareAndSwap(busyState, quietState) || st.state.Load() != quietState {
		return
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.state.CompareAndSwap(quietState, calledState) {
		st.link.Until(longAgo)
	}
}

var longAgo = time.Unix(1, 0)

// sweep looks at the streams until the server ends.
func (srv *Server) sweep() {
	ticks := time.NewTicker(restAfter)
	defer ticks.Stop()
	for {
		select {
		case <-ticks.C:
			srv.letRest()
		case <-srv.ctx.Done():
			return
		}
	}
}

func (srv *Server) letRest() {
	srv.mu.Lock()
	streams := srv.all()
	srv.mu.Unlock()
	for _, st := range streams {
		if st.socket != nil && st.sess().Type() == sdk.TypeC2S {
			st.call()
		}
	}
}
