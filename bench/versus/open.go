package main

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"

	"quatrain/bench/swarm"
)

// sampled is of how many people one tells when a message has come to him.
const sampled = 10

// openLoop is a room in which somebody talks at a steady rate, whatever has become of what was said before. Latency is that of the copies.
func openLoop(people, perSecond int) player {
	return func(ctx context.Context, p *process, length time.Duration) (result, error) {
		h, err := newHall(p, 1, 1, 0)
		if err != nil {
			return result{}, err
		}
		defer h.swarm.Close()
		var speaker *swarm.Client
		for i := 1; i < people; i++ {
			l, err := h.anonymous()
			if err != nil {
				return result{}, err
			}
			if err := enter(l, "coven0", fmt.Sprint("nick", i), false); err != nil {
				return result{}, err
			}
			var c *swarm.Client
			if i%sampled == 0 {
				c, err = h.swarm.Tap(l, h.timed())
			} else {
				c, err = h.swarm.Watch(l, swarm.Piece{Text: "</message>", Seen: func(n int, _ time.Time) { h.copies.Add(int64(n)) }})
			}
			if err != nil {
				return result{}, err
			}
			speaker = c
		}
		length *= 2 // little is done meanwhile
		return measured(ctx, p, length, &h.copies, &h.watch, func(ctx context.Context) error { return h.steadily(ctx, speaker, people, perSecond) })
	}
}

// mark begins the id of what tells when it was said.
const mark = "at-"

// steadily says something so many times a second, and waits for all copies. What is said late is timed from when it should have been said, so that a
// server that lets the speaker wait does not look the quicker for it.
func (h *hall) steadily(ctx context.Context, c *swarm.Client, people, perSecond int) error {
	pause, next := time.Second/time.Duration(perSecond), time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			if err := await(context.WithoutCancel(ctx), &h.copies, h.due.Load()); err != nil {
				return err
			}
			return h.check()
		case <-timer.C:
			wakeful(next)
			h.due.Add(int64(people))
			if err := c.Say(words("coven0", mark+strconv.FormatInt(next.UnixNano(), 10))); err != nil {
				return err
			}
			next = next.Add(pause)
			timer.Reset(time.Until(next) - imprecise)
		}
	}
}

// imprecise is how late a timer may be: Go lets the system wait for whole milliseconds.
const imprecise = 1500 * time.Microsecond

// wakeful waits for a moment without sleeping, as what timers are late would count as the server's.
func wakeful(until time.Time) {
	for time.Now().Before(until) {
		runtime.Gosched()
	}
}

// timed counts messages, and reads from each when it was said: at is in its first id.
func (h *hall) timed() func(data []byte, at time.Time) {
	rest := ""
	return func(data []byte, at time.Time) {
		text := rest + string(data)
		for {
			end := strings.Index(text, "</message>")
			if end < 0 {
				break
			}
			h.copies.Add(1)
			if _, after, found := strings.Cut(text[:end], mark); found {
				digits := strings.TrimRight(after[:min(len(after), 19)], `'" `)
				if said, err := strconv.ParseInt(digits, 10, 64); err == nil {
					h.watch.add(time.Duration(at.UnixNano() - said))
				}
			}
			text = text[end+len("</message>"):]
		}
		rest = text
	}
}
