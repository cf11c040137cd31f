package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"quatrain/bench/swarm"
)

// register lets people register nicks, each in a room of his own, one after the other. A service that knows no registration with rooms gets them for itself.
func register(people int) func(context.Context, *process, time.Duration) (result, error) {
	return func(ctx context.Context, p *process, length time.Duration) (result, error) {
		c, err := newCrowd(p)
		if err != nil {
			return result{}, err
		}
		defer c.swarm.Close()
		r := &registry{crowd: c}
		for i := range people {
			if err := r.add(i); err != nil {
				return result{}, err
			}
		}
		return measured(ctx, p, length, &r.done, &r.watch, r.run)
	}
}

type registry struct {
	*crowd
	people []*registrant
	done   atomic.Int64
	watch  stopwatch
}

// registrant has one registration on its way at a time.
type registrant struct {
	client  *swarm.Client
	to      string
	answers chan bool // whether it was accepted
	nicks   int
}

func (r *registry) add(i int) error {
	name := fmt.Sprint("registrant", i)
	l, err := r.account(name, "bench")
	if err != nil {
		return err
	}
	room := fmt.Sprint("guild", i)
	if err := enter(l, room, fmt.Sprint("first", i), true); err != nil {
		return err
	}
	person := &registrant{to: room + "@" + roomsHost, answers: make(chan bool, 1)}
	if err := l.Say(person.request("probe" + name)); err != nil {
		return err
	}
	answer, err := l.Until("'probe"+name+"'", `"probe`+name+`"`)
	if err != nil {
		return err
	}
	rest, err := l.Until(">")
	if err != nil {
		return err
	}
	if answer += rest; isError(answer) {
		person.to = roomsHost
	}
	answered := func(ok bool) func(int, time.Time) { return func(int, time.Time) { person.answers <- ok } }
	person.client, err = r.swarm.Watch(l, swarm.Piece{Text: "type='result'", Seen: answered(true)}, swarm.Piece{Text: `type="result"`, Seen: answered(true)},
		swarm.Piece{Text: "type='error'", Seen: answered(false)}, swarm.Piece{Text: `type="error"`, Seen: answered(false)})
	r.people = append(r.people, person)
	return err
}

func (p *registrant) request(id string) string {
	p.nicks++
	return fmt.Sprintf("<iq to='%s' type='set' id='%s'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>"+
		"<field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/muc#register</value></field>"+
		"<field var='muc#register_roomnick'><value>%[3]s</value></field><field var='nick'><value>%[3]s</value></field></x></query></iq>",
		p.to, id, fmt.Sprint("nick-of-", p.to, "-", p.nicks))
}

func (r *registry) run(ctx context.Context) error {
	var all sync.WaitGroup
	errs := make(chan error, len(r.people))
	for _, p := range r.people {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := r.once(p); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	all.Wait()
	select {
	case err := <-errs:
		return err
	default:
		return r.check()
	}
}

func (r *registry) once(p *registrant) error {
	began := time.Now()
	if err := p.client.Say([]byte(p.request("r"))); err != nil {
		return err
	}
	select {
	case ok := <-p.answers:
		if !ok {
			return fmt.Errorf("a registration with %s was refused", p.to)
		}
	case <-time.After(quiet):
		return fmt.Errorf("a registration with %s has taken %v", p.to, quiet)
	}
	r.watch.add(time.Since(began))
	r.done.Add(1)
	return nil
}
