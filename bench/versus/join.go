package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"quatrain/bench/swarm"
)

// join lets people enter a room, each when the one before is inside, again and again, each time another room. An operation is a copy of a presence.
func join(people int) player {
	return func(ctx context.Context, p *process, length time.Duration) (result, error) {
		c, err := newCrowd(p)
		if err != nil {
			return result{}, err
		}
		defer c.swarm.Close()
		var copies atomic.Int64
		var watch stopwatch
		inside := make(chan struct{}, people)
		clients := make([]*swarm.Client, people)
		for i := range clients {
			l, err := c.anonymous()
			if err != nil {
				return result{}, err
			}
			clients[i], err = c.swarm.Watch(l, swarm.Piece{Text: "</presence>", Seen: func(n int, _ time.Time) { copies.Add(int64(n)) }},
				swarm.Piece{Text: "<subject", Seen: func(int, time.Time) { inside <- struct{}{} }},
				swarm.Piece{Text: "'unlock'", Seen: func(int, time.Time) { inside <- struct{}{} }}, swarm.Piece{Text: `"unlock"`, Seen: func(int, time.Time) { inside <- struct{}{} }})
			if err != nil {
				return result{}, err
			}
		}
		rooms, want := 0, int64(0)
		return measured(ctx, p, length, &copies, &watch, func(ctx context.Context) error {
			for ctx.Err() == nil {
				rooms++
				room := fmt.Sprint("room", rooms)
				if err := fill(clients, room, inside, &watch); err != nil {
					return err
				}
				want += int64(people * people)
				if err := await(context.WithoutCancel(ctx), &copies, want); err != nil {
					return err
				}
			}
			return c.check()
		})
	}
}

func fill(clients []*swarm.Client, room string, inside chan struct{}, watch *stopwatch) error {
	for i, c := range clients {
		began := time.Now()
		if err := c.Say([]byte(joining(room, fmt.Sprint("nick", i)))); err != nil {
			return err
		}
		if err := awaitOne(inside, "entering a room"); err != nil {
			return err
		}
		watch.add(time.Since(began))
		if i == 0 {
			if err := c.Say([]byte(accepting(room, ""))); err != nil {
				return err
			}
			if err := awaitOne(inside, "unlocking a room"); err != nil {
				return err
			}
		}
	}
	return nil
}

func awaitOne(c chan struct{}, what string) error {
	select {
	case <-c:
		return nil
	case <-time.After(quiet):
		return fmt.Errorf("%s has taken %v", what, quiet)
	}
}
