package wire

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"quatrain/sdk"
)

// task is a job of a test.
type task func(w *worker)

func (t task) do(w *worker) { t(w) }

func newCrew(t *testing.T, limit int) *crew {
	c := &crew{}
	c.init()
	c.limit = limit
	t.Cleanup(c.close)
	return c
}

func soon(t *testing.T, what string, done <-chan struct{}) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal(what)
	}
}

func TestCrewKeepsOrder(t *testing.T) {
	c := newCrew(t, 1)
	c.watched = true // nobody looks whether the first job goes on
	var got, want []int
	done := make(chan struct{})
	begin := make(chan struct{})
	c.add(task(func(*worker) { <-begin }))
	for i := range 500 {
		want = append(want, i)
		c.add(task(func(*worker) {
			if got = append(got, i); i == 499 {
				close(done)
			}
		}))
	}
	close(begin)
	soon(t, "not all was done", done)
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

// A job that waits keeps nobody waiting, whether it tells or not.
func TestCrewGoesOnWhileJobsWait(t *testing.T) {
	for name, wait := range map[string]func(w *worker, f func()){
		"in silence": func(_ *worker, f func()) { f() },
		"telling": func(w *worker, f func()) {
			chain := sdk.NewChain(context.Background())
			chain.Hold(w)
			chain.Wait(f)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCrew(t, 2)
			const jobs = 20
			var begun, over sync.WaitGroup
			begun.Add(jobs)
			over.Add(jobs)
			for range jobs {
				c.add(task(func(w *worker) {
					defer over.Done()
					begun.Done()
					wait(w, begun.Wait) // for all others
				}))
			}
			done := make(chan struct{})
			go func() { over.Wait(); close(done) }()
			soon(t, "a job did not begin", done)
			again := make(chan struct{})
			c.add(task(func(*worker) { close(again) }))
			soon(t, "no job is begun any more", again)
		})
	}
}

// What was to be done when the crew is closed, and afterwards, is done.
func TestCrewDoesAllAfterItsEnd(t *testing.T) {
	c := newCrew(t, 1)
	var over sync.WaitGroup
	over.Add(3)
	begin := make(chan struct{})
	c.add(task(func(*worker) { <-begin; over.Done() }))
	c.add(task(func(*worker) { over.Done() }))
	c.close()
	c.add(task(func(*worker) { over.Done() }))
	close(begin)
	done := make(chan struct{})
	go func() { over.Wait(); close(done) }()
	soon(t, "not all was done", done)
}
