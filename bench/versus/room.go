package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"quatrain/bench/swarm"
)

func occupant(room, nick string) string { return room + "@" + roomsHost + "/" + nick }

func joining(room, nick string) string {
	return "<presence to='" + occupant(room, nick) + "'><x xmlns='http://jabber.org/protocol/muc'/></presence>"
}

// accepting unlocks a room as its owner, who changes some fields of its form.
func accepting(room, fields string) string {
	return "<iq to='" + room + "@" + roomsHost + "' type='set' id='unlock'><query xmlns='http://jabber.org/protocol/muc#owner'>" +
		"<x xmlns='jabber:x:data' type='submit'>" + fields + "</x></query></iq>"
}

// unheralded lets people come into a room without those inside being told, so that a large one fills in time.
const unheralded = "<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>" +
	"<field var='muc#roomconfig_presencebroadcast'><value>moderator</value></field>"

// enter lets a client join a room, and unlock it if it is the first.
func enter(l *swarm.Login, room, nick string, first bool) error {
	return enterWith(l, room, nick, first, "")
}

// enterWith is enter for the room that the first one configures with some fields.
func enterWith(l *swarm.Login, room, nick string, first bool, fields string) error {
	if err := l.Say(joining(room, nick)); err != nil {
		return err
	}
	if _, err := l.Until("<subject"); err != nil {
		return err
	}
	if !first {
		return nil
	}
	if err := l.Say(accepting(room, fields)); err != nil {
		return err
	}
	_, err := l.Until("id='unlock'", `id="unlock"`)
	return err
}

// words is what somebody says in a room; the mark is the id.
func words(room, mark string) []byte {
	return []byte("<message to='" + room + "@" + roomsHost + "' type='groupchat' id='" + mark + "' xml:lang='en'>" +
		"<body>Neither, fair saint, if either thee dislike; I take thee at thy word.</body>" +
		"<active xmlns='http://jabber.org/protocol/chatstates'/><origin-id xmlns='urn:xmpp:sid:0' id='" + mark + "'/></message>")
}

// speaker says something as soon as its last words have come back, as long as it may.
type speaker struct {
	client *swarm.Client
	texts  [][]byte // one after the other, round and round
	next   int
	began  atomic.Int64 // nanoseconds
	hall   *hall
}

func (s *speaker) say() {
	s.hall.pending.Add(1)
	s.hall.due.Add(s.hall.people)
	s.began.Store(time.Now().UnixNano())
	text := s.texts[s.next]
	s.next = (s.next + 1) % len(s.texts)
	_ = s.client.Say(text) // a server that has ended the connection is told of by the swarm
}

func (s *speaker) heard(_ int, at time.Time) {
	s.hall.watch.add(time.Duration(at.UnixNano() - s.began.Load()))
	if s.hall.talking.Load() {
		s.say()
	}
	s.hall.pending.Done()
}

// hall is some rooms with people in them who hear and talk.
type hall struct {
	*crowd
	people   int64  // in each room
	fields   string // of the rooms' configuration
	speakers []*speaker
	copies   atomic.Int64
	due      atomic.Int64 // copies that have to come of what has been said
	watch    stopwatch
	talking  atomic.Bool
	pending  sync.WaitGroup // of messages that have not come back to who said them
}

// newHall fills rooms: of the people in each the first ones talk.
func newHall(p *process, rooms, people, talkers int) (*hall, error) {
	c, err := newCrowd(p)
	if err != nil {
		return nil, err
	}
	h := &hall{crowd: c, people: int64(people)}
	for r := range rooms {
		room := fmt.Sprint("coven", r)
		for i := range people {
			if err := h.add(room, fmt.Sprint("nick", i), i == 0, i < talkers); err != nil {
				c.swarm.Close()
				return nil, err
			}
		}
	}
	return h, nil
}

func (h *hall) add(room, nick string, first, talks bool) error {
	l, err := h.anonymous()
	if err != nil {
		return err
	}
	if err := enterWith(l, room, nick, first, h.fields); err != nil {
		return err
	}
	var texts [][]byte
	if talks {
		texts = append(texts, words(room, markOf(nick)))
	}
	return h.watchOver(l, nick, texts)
}

// markOf begins the ids of what somebody says; the names of any two must differ, also when something is put behind one.
func markOf(name string) string { return "b4d1f3a0-" + name }

// watchOver counts what comes to a client. With texts it is a speaker, who says them with ids by its name.
func (h *hall) watchOver(l *swarm.Login, name string, texts [][]byte) error {
	pieces := []swarm.Piece{{Text: "</message>", Seen: func(n int, _ time.Time) { h.copies.Add(int64(n)) }}}
	if len(texts) == 0 {
		_, err := h.swarm.Watch(l, pieces...)
		return err
	}
	s := &speaker{texts: texts, hall: h}
	echo := s.echo()
	pieces = append(pieces, swarm.Piece{Text: "id='" + markOf(name) + "'", Seen: echo}, swarm.Piece{Text: `id="` + markOf(name) + `"`, Seen: echo})
	var err error
	if s.client, err = h.swarm.Watch(l, pieces...); err != nil {
		return err
	}
	h.speakers = append(h.speakers, s)
	return nil
}

// echo counts the id, which comes twice with every message: as the stanza's and as the origin's.
func (s *speaker) echo() func(n int, at time.Time) {
	seen := 0
	return func(n int, at time.Time) {
		if seen += n; seen >= 2 {
			seen -= 2
			s.heard(1, at)
		}
	}
}

// talk lets the speakers talk until ctx ends, and waits until everybody has heard everything.
func (h *hall) talk(ctx context.Context) error {
	h.talking.Store(true)
	for _, s := range h.speakers {
		s.say()
	}
	<-ctx.Done()
	h.talking.Store(false)
	all := make(chan struct{})
	go func() { h.pending.Wait(); close(all) }()
	select {
	case <-all:
	case <-time.After(quiet):
		return fmt.Errorf("messages have not come back for %v", quiet)
	}
	if err := await(context.WithoutCancel(ctx), &h.copies, h.due.Load()); err != nil {
		return err
	}
	return h.check()
}

// talkUntil lets the speakers talk until so many copies have come.
func (h *hall) talkUntil(ctx context.Context, copies int64) error {
	ctx, enough := context.WithCancel(ctx)
	defer enough()
	failed := make(chan error, 1)
	go func() {
		defer enough()
		failed <- await(ctx, &h.copies, copies)
	}()
	if err := h.talk(ctx); err != nil {
		return err
	}
	return <-failed
}

// fanout is a room in which some talk, each as soon as its last words have come back.
func fanout(people, talkers int) player {
	return func(ctx context.Context, p *process, length time.Duration) (result, error) {
		h, err := newHall(p, 1, people, talkers)
		if err != nil {
			return result{}, err
		}
		defer h.swarm.Close()
		return measured(ctx, p, length, &h.copies, &h.watch, h.talk)
	}
}

// rooms are many, with one who talks in each.
func rooms(n, people int) player {
	return func(ctx context.Context, p *process, length time.Duration) (result, error) {
		h, err := newHall(p, n, people, 1)
		if err != nil {
			return result{}, err
		}
		defer h.swarm.Close()
		return measured(ctx, p, length, &h.copies, &h.watch, h.talk)
	}
}
