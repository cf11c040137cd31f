package main

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"quatrain/bench/swarm"
)

// chat is pairs of people of whom each answers the other at once.
func chat(pairs int) player {
	return func(ctx context.Context, p *process, length time.Duration) (result, error) {
		c, err := newCrowd(p)
		if err != nil {
			return result{}, err
		}
		defer c.swarm.Close()
		d := &dialogue{crowd: c}
		for range pairs {
			if err := d.addPair(); err != nil {
				return result{}, err
			}
		}
		return measured(ctx, p, length, &d.messages, &d.watch, d.talk)
	}
}

// dialogue is all pairs. Of each the first one begins.
type dialogue struct {
	*crowd
	first    []*speaker2
	messages atomic.Int64
	pending  atomic.Int64
	talking  atomic.Bool
	watch    stopwatch
}

// speaker2 is one of a pair.
type speaker2 struct {
	d      *dialogue
	client *swarm.Client
	text   []byte
	began  time.Time // only the swarm's goroutine, and whoever begins, use it
}

func (d *dialogue) addPair() error {
	a, err := d.anonymous()
	if err != nil {
		return err
	}
	b, err := d.anonymous()
	if err != nil {
		return err
	}
	for _, l := range []*swarm.Login{a, b} {
		if err := l.Say("<presence/>"); err != nil {
			return err
		}
		if _, err := l.Until("<presence"); err != nil {
			return err
		}
	}
	one, two := &speaker2{d: d, text: line(b.JID)}, &speaker2{d: d, text: line(a.JID)}
	if one.client, err = d.swarm.Watch(a, swarm.Piece{Text: "</message>", Seen: one.heard}); err != nil {
		return err
	}
	if two.client, err = d.swarm.Watch(b, swarm.Piece{Text: "</message>", Seen: two.heard}); err != nil {
		return err
	}
	d.first = append(d.first, one)
	return nil
}

func line(to string) []byte {
	return []byte("<message to='" + strings.ReplaceAll(to, "'", "&apos;") + "' type='chat' id='b4d1f3a0-6f2e' xml:lang='en'>" +
		"<body>Neither, fair saint, if either thee dislike; I take thee at thy word.</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>")
}

func (s *speaker2) say() {
	s.began = time.Now()
	_ = s.client.Say(s.text) // a server that has ended the connection is told of by the swarm
}

// heard answers; the first of a pair has then waited for two messages.
func (s *speaker2) heard(n int, at time.Time) {
	s.d.messages.Add(int64(n))
	if !s.began.IsZero() {
		s.d.watch.add(at.Sub(s.began) / 2)
	}
	if s.d.talking.Load() {
		s.say()
		return
	}
	s.d.pending.Add(-1)
}

func (d *dialogue) talk(ctx context.Context) error {
	d.talking.Store(true)
	d.pending.Store(int64(len(d.first)))
	for _, s := range d.first {
		s.say()
	}
	<-ctx.Done()
	d.talking.Store(false)
	for began := time.Now(); d.pending.Load() > 0; time.Sleep(time.Millisecond) {
		if time.Since(began) > quiet {
			return fmt.Errorf("%d pairs wait for an answer", d.pending.Load())
		}
	}
	return d.check()
}
