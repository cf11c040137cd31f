package sqlite

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"quatrain/sdk"
)

// TestGather: where several write, those who come while somebody waits share the commit, until the batch is full.
func TestGather(t *testing.T) {
	d, s := tempTable(t)
	d.writer.waitForever()
	d.writer.mu.Lock()
	d.writer.took, d.writer.longest = time.Hour, 2*time.Hour
	d.writer.mu.Unlock()
	write := func(i int) sdk.Ticket {
		t.Helper()
		chain := sdk.NewChain(t.Context())
		if err := s.SetKey(chain, fmt.Sprint("user", i), "k", "v"); err != nil {
			t.Fatal(err)
		}
		return chain.Ticket()
	}
	first := write(0)
	done := make(chan error)
	go func() { done <- first.Wait() }()
	for i := 1; i < maxBatch; i++ {
		if write(i) != first {
			t.Fatalf("write %d is in another batch", i)
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestNobodyToGather: who writes alone does not wait for others.
func TestNobodyToGather(t *testing.T) {
	d, s := tempTable(t)
	d.writer.mu.Lock()
	d.writer.took = time.Nanosecond
	d.writer.mu.Unlock()
	for range 3 {
		set(t, s, "romeo", "v") // waits for the commit
		d.writer.mu.Lock()
		if d.writer.took != 0 {
			t.Errorf("the next one would wait for %v", d.writer.took)
		}
		d.writer.mu.Unlock()
	}
}

// TestWhoCanRunJoins: with a single processor, too, those who are about to write when somebody waits share the commit.
func TestWhoCanRunJoins(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	d, s := tempTable(t)
	d.writer.waitForever()
	d.writer.mu.Lock()
	d.writer.longest = time.Hour
	d.writer.mu.Unlock()
	tickets := make([]sdk.Ticket, 20)
	var all sync.WaitGroup
	for i := range tickets {
		all.Go(func() {
			chain := sdk.NewChain(t.Context())
			if err := s.SetKey(chain, fmt.Sprint("user", i), "k", "v"); err != nil {
				t.Error(err)
				return
			}
			if tickets[i] = chain.Ticket(); tickets[i].Wait() != nil {
				t.Error(tickets[i].Wait())
			}
		})
	}
	all.Wait()
	for i, ticket := range tickets {
		if ticket != tickets[0] {
			t.Errorf("write %d is in another batch", i)
		}
	}
}
