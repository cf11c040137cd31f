package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"quatrain/bench/swarm"
)

// guild is the room in which nicks are registered.
const guild = "guild"

// persistent makes a room one that is kept: of others nothing is written.
const persistent = "<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>" +
	"<field var='muc#roomconfig_persistentroom'><value>1</value></field>"

// register lets some of the members of a room register one nick after the other. A service that knows no registration with rooms gets them for itself.
func register(members, people int) player {
	return func(ctx context.Context, p *process, length time.Duration) (result, error) {
		c, err := newCrowd(p)
		if err != nil {
			return result{}, err
		}
		defer c.swarm.Close()
		r := &registry{crowd: c}
		if err := r.found(members); err != nil {
			return result{}, err
		}
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

// found makes a persistent room whose owner stays there, with so many members.
func (r *registry) found(members int) error {
	l, err := r.account("founder", "bench")
	if err != nil {
		return err
	}
	if err := enterWith(l, guild, "founder", true, persistent); err != nil {
		return err
	}
	for i := range members {
		id := fmt.Sprint("member", i, "-")
		if err := l.Say(fmt.Sprintf("<iq to='%s@%s' type='set' id='%s'><query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member' jid='%s@%s'/></query></iq>",
			guild, roomsHost, id, registrantName(i), accountsHost)); err != nil {
			return err
		}
		answer, err := l.Until("'"+id+"'", `"`+id+`"`)
		if err == nil {
			_, err = l.Until(">")
		}
		if err != nil {
			return fmt.Errorf("making a member: %w after %q", err, answer)
		}
	}
	_, err = r.swarm.Watch(l)
	return err
}

func registrantName(i int) string { return fmt.Sprint("registrant", i) }

// registrant has one registration on its way at a time.
type registrant struct {
	client  *swarm.Client
	name    string
	to      string
	answers chan bool // whether it was accepted
	nicks   int
}

func (r *registry) add(i int) error {
	name := registrantName(i)
	l, err := r.account(name, "bench")
	if err != nil {
		return err
	}
	person := &registrant{name: name, to: guild + "@" + roomsHost, answers: make(chan bool, 1)}
	answer, err := person.ask(l)
	if err == nil && isError(answer) { // rooms do not know it
		person.to = roomsHost
		answer, err = person.ask(l)
	}
	if err != nil {
		return err
	}
	if isError(answer) {
		return fmt.Errorf("registering a nick: %s", answer)
	}
	answered := func(ok bool) func(int, time.Time) { return func(int, time.Time) { person.answers <- ok } }
	person.client, err = r.swarm.Watch(l, swarm.Piece{Text: "type='result'", Seen: answered(true)}, swarm.Piece{Text: `type="result"`, Seen: answered(true)},
		swarm.Piece{Text: "type='error'", Seen: answered(false)}, swarm.Piece{Text: `type="error"`, Seen: answered(false)})
	r.people = append(r.people, person)
	return err
}

// ask registers a nick before the swarm has the client, and returns the answer.
func (p *registrant) ask(l *swarm.Login) (string, error) {
	if err := l.Say(p.request("probe")); err != nil {
		return "", err
	}
	answer, err := l.Until("'probe'", `"probe"`)
	if err != nil {
		return "", err
	}
	rest, err := l.Until("</iq>", "/>")
	return answer + rest, err
}

func (p *registrant) request(id string) string {
	p.nicks++
	return fmt.Sprintf("<iq to='%s' type='set' id='%s'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>"+
		"<field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/muc#register</value></field>"+
		"<field var='muc#register_roomnick'><value>%s</value></field></x></query></iq>",
		p.to, id, fmt.Sprint("nick-of-", p.name, "-", p.nicks))
}

func (r *registry) run(ctx context.Context) error {
	err := each(len(r.people), func(i int) error {
		for ctx.Err() == nil {
			if err := r.once(r.people[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.check()
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
