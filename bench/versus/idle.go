package main

import (
	"context"
	"sync"
	"time"

	"quatrain/bench/swarm"
)

// idle is the memory that sessions take which do nothing: how much more is resident in the server's processes than before the first of them, some
// time after the last of them has come.
func idle(n int, encrypted bool) player {
	return func(ctx context.Context, p *process, length time.Duration) (result, error) {
		s := &sleepers{address: p.address, encrypted: encrypted}
		defer s.close()
		if err := s.add(ctx, 1); err != nil { // what is made once
			return result{}, err
		}
		mine := ownTime()
		before, err := p.usage()
		if err != nil {
			return result{}, err
		}
		began := time.Now()
		if err := s.add(ctx, n); err != nil {
			return result{}, err
		}
		seconds := time.Since(began).Seconds()
		mine = ownTime() - mine
		settle(ctx, 3*length)
		after, err := p.usage()
		if err != nil {
			return result{}, err
		}
		r := result{Operations: int64(n), Seconds: seconds, PerSecond: float64(n) / seconds, RSS: after.rss, Idle: perSession(before, after, n), took: after.cpu - before.cpu}
		r.CPU, r.Client = perOperation(r.took, r.Operations), perOperation(mine, r.Operations)
		return r, nil
	}
}

// perSession is in KiB.
func perSession(before, after usage, n int) float64 {
	return float64(after.rss-before.rss) / float64(n) / 1024
}

// settle leaves a server alone, which may then do what it puts off, such as collecting garbage.
func settle(ctx context.Context, length time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(length):
	}
}

// sleepers are sessions that do nothing.
type sleepers struct {
	address   string
	encrypted bool

	mu  sync.Mutex // guards all
	all []*swarm.Login
}

// logins is how many log in at the same time: more than elsewhere, as some servers wait with TLS, and nothing is timed.
const logins = 32

// add lets n more log in, several at a time.
func (s *sleepers) add(ctx context.Context, n int) error {
	todo := make(chan struct{}, n)
	for range n {
		todo <- struct{}{}
	}
	close(todo)
	return each(logins, func(int) error {
		for range todo {
			if err := s.one(); err != nil {
				return err
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *sleepers) one() error {
	dial := swarm.Dial
	if s.encrypted {
		dial = swarm.DialTLS
	}
	l, err := dial(s.address, anonymousHost)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.all = append(s.all, l)
	s.mu.Unlock()
	return l.Anonymous(anonymousHost)
}

func (s *sleepers) close() {
	for _, l := range s.all {
		l.Close()
	}
}

// each calls f with each number below n, all at once, and returns the first error.
func each(n int, f func(i int) error) error {
	var all sync.WaitGroup
	errs := make(chan error, n)
	for i := range n {
		all.Go(func() { errs <- f(i) })
	}
	all.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
