package moduleapi

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

const (
	defaultIQTimeout = 120 * time.Second
	maxPendingIQs    = 256
)

// pendingIQs are the unanswered requests of one instance, oldest first.
type pendingIQs struct {
	module *Module

	mu   sync.Mutex // guards list and what await sets; done functions are called without it
	list []*pendingIQ
}

type pendingIQ struct {
	class, id, to, from string
	done                func(ctx context.Context, reply *sdk.Event, err error)
	unhook              []func()
	timer               sdk.Timer
}

// SendIQ sends a request; see sdk.Module.
func (m *Module) SendIQ(ctx context.Context, origin sdk.Session, st *stanza.Element, timeout time.Duration, done func(context.Context, *sdk.Event, error)) {
	id := st.Attr("id")
	if id == "" {
		id = uuid.NewString()
		st.SetAttr("id", id)
	}
	p := &pendingIQ{class: class(st.Attr("from")), id: id, to: st.Attr("to"), from: st.Attr("from"), done: done}
	oldest, conflict := m.iqs.admit(p)
	if conflict {
		done(ctx, nil, &stanza.Error{Type: "modify", Condition: "conflict", Text: "a request with this id is pending"})
		return
	}
	if oldest != nil {
		oldest.finish(ctx, nil, &stanza.Error{Type: "wait", Condition: "resource-constraint", Text: "too many requests are pending"})
	}
	m.await(p, timeout)
	if err := m.Send(ctx, origin, st); err != nil {
		m.iqs.settle(ctx, p, nil, err)
	}
}

// await hooks the replies and starts the clock.
func (m *Module) await(p *pendingIQ, timeout time.Duration) {
	if timeout <= 0 {
		timeout = defaultIQTimeout
	}
	bus := m.srv.Hosts.Bus(m.host)
	m.iqs.mu.Lock() // a reply or the end of the time waits until all of p is set
	defer m.iqs.mu.Unlock()
	for _, kind := range []string{"result", "error"} {
		event := "iq-" + kind + "/" + p.class + "/" + p.id
		if p.class == "full" {
			event = "iq/full"
		}
		p.unhook = append(p.unhook, m.HookOn(bus, event, 1, func(ctx context.Context, ev *sdk.Event) (any, error) {
			return m.iqs.reply(ctx, p, kind, ev)
		}))
	}
	p.timer = m.AddTimer(timeout, func(ctx context.Context) time.Duration {
		m.iqs.settle(ctx, p, nil, &stanza.Error{Type: "wait", Condition: "remote-server-timeout", Text: "no reply in time"})
		return 0
	})
}

// reply takes a reply if it is from whom the request went to and has its id.
func (q *pendingIQs) reply(ctx context.Context, p *pendingIQ, kind string, ev *sdk.Event) (any, error) {
	st := ev.Stanza
	if st.Attr("type") != kind || st.Attr("id") != p.id || !sameAddress(st.Attr("from"), p.to) || st.Attr("to") != p.from {
		return nil, nil
	}
	if kind == "error" {
		q.settle(ctx, p, ev, stanza.ParseError(st))
	} else {
		q.settle(ctx, p, ev, nil)
	}
	return true, nil
}

// sameAddress compares the addresses, of which the one written into the request may lack preparation.
func sameAddress(got, want string) bool {
	if got == want {
		return true
	}
	g, err := jid.Parse(got)
	if err != nil {
		return false
	}
	w, err := jid.Parse(want)
	return err == nil && g == w
}

func class(address string) string {
	local, _, resource := jid.Split(address)
	switch {
	case local == "":
		return "host"
	case resource == "":
		return "bare"
	default:
		return "full"
	}
}

// admit lists a request, unless its id is pending for the same addresses; it returns the oldest when there are too many.
func (q *pendingIQs) admit(p *pendingIQ) (oldest *pendingIQ, conflict bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, other := range q.list {
		if other.id == p.id && other.from == p.from && other.to == p.to {
			return nil, true
		}
	}
	if len(q.list) >= maxPendingIQs {
		oldest, q.list = q.list[0], q.list[1:]
	}
	q.list = append(q.list, p)
	return oldest, false
}

// settle calls done unless the request has been settled already.
func (q *pendingIQs) settle(ctx context.Context, p *pendingIQ, reply *sdk.Event, err error) {
	q.mu.Lock()
	at := -1
	for i, other := range q.list {
		if other == p {
			at = i
		}
	}
	if at >= 0 {
		q.list = append(q.list[:at:at], q.list[at+1:]...)
	}
	q.mu.Unlock()
	if at >= 0 {
		p.finish(ctx, reply, err)
	}
}

func (p *pendingIQ) finish(ctx context.Context, reply *sdk.Event, err error) {
	for _, unhook := range p.unhook {
		unhook()
	}
	if p.timer != nil {
		p.timer.Stop()
	}
	p.done(ctx, reply, err)
}
