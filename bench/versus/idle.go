package main

import (
	"context"
	"time"

	"quatrain/bench/swarm"
)

// idle is the memory that sessions take which do nothing.
func idle(n int, encrypted bool) func(context.Context, *process, time.Duration) (result, error) {
	return func(ctx context.Context, p *process, length time.Duration) (result, error) {
		before, err := p.usage()
		if err != nil {
			return result{}, err
		}
		began := time.Now()
		dial := swarm.Dial
		if encrypted {
			dial = swarm.DialTLS
		}
		for range n {
			l, err := dial(p.address, anonymousHost)
			if err != nil {
				return result{}, err
			}
			defer l.Close()
			if err := l.Anonymous(anonymousHost); err != nil {
				return result{}, err
			}
			if err := ctx.Err(); err != nil {
				return result{}, err
			}
		}
		seconds := time.Since(began).Seconds()
		time.Sleep(length) // what a server does when it is left alone, such as collecting garbage
		after, err := p.usage()
		if err != nil {
			return result{}, err
		}
		return result{Operations: int64(n), Seconds: seconds, PerSecond: float64(n) / seconds, RSS: after.rss, Idle: float64(after.rss-before.rss) / float64(n) / 1024,
			CPU: float64((after.cpu - before.cpu).Microseconds()) / float64(n)}, nil
	}
}
