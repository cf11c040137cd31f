package sdktest

import (
	"context"
	"sync"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// handle fires the events of a stanza, one after the other until somebody handles it.
func (s *Server) handle(origin sdk.Session, st *stanza.Element, to jid.JID) (result any, err error) {
	ev := sdk.StanzaEvent("", origin, st)
	for _, name := range eventsOf(st, to) {
		if result, err = s.fire(to.Domain(), ev.As(name)); result != nil || err != nil {
			return result, err
		}
	}
	return nil, nil
}

// eventsOf are the names of a stanza's events, in order.
func eventsOf(st *stanza.Element, to jid.JID) []string {
	class := "full"
	switch {
	case to.IsHost():
		class = "host"
	case to.IsBare():
		class = "bare"
	}
	names := []string{st.Name + "/" + class}
	if st.Kind() != stanza.KindIQ || class == "full" {
		return names
	}
	if !st.IsRequest() {
		return append(names, "iq-"+st.Type()+"/"+class+"/"+st.ID())
	}
	payload := payloadOf(st)
	return append(names, "iq/"+class+"/"+payload, "iq-"+st.Type()+"/"+class+"/"+payload)
}

// payloadOf is NS:NAME of what a request is about.
func payloadOf(st *stanza.Element) string {
	if len(st.Tags) == 0 {
		return ""
	}
	ns := st.Tags[0].NS()
	if ns == "" {
		ns = stanza.NSClient
	}
	return ns + ":" + st.Tags[0].Name
}

// request is one that the plugin has sent and that waits for its reply.
type request struct {
	id, from, to string
	once         sync.Once
	timer        *time.Timer
	done         func(ctx context.Context, reply *sdk.Event, err error)
}

// ask sends a request of the plugin's.
func (s *Server) ask(ctx context.Context, st *stanza.Element, timeout time.Duration, done func(ctx context.Context, reply *sdk.Event, err error)) {
	if timeout <= 0 {
		timeout = 2 * time.Minute
	}
	r := &request{id: st.ID(), from: st.From(), to: st.To(), done: done}
	r.timer = time.AfterFunc(timeout, func() {
		s.settle(s.context(), r, nil, &stanza.Error{Type: stanza.Wait, Condition: stanza.RemoteServerTimeout})
	})
	s.mu.Lock()
	s.pending = append(s.pending, r)
	s.mu.Unlock()
	if err := s.route(ctx, st); err != nil {
		s.settle(ctx, r, nil, err)
	}
}

// answer takes a stanza that is the reply to a pending request.
func (s *Server) answer(ctx context.Context, st *stanza.Element) bool {
	if st.Kind() != stanza.KindIQ || st.IsRequest() {
		return false
	}
	s.mu.Lock()
	var found *request
	for _, r := range s.pending {
		if r.id == st.ID() && r.from == st.To() && r.to == st.From() {
			found = r
		}
	}
	s.mu.Unlock()
	if found == nil {
		return false
	}
	var err error
	if e := stanza.ParseError(st); e != nil {
		err = e
	}
	s.settle(ctx, found, sdk.StanzaEvent("iq-"+st.Type(), nil, st), err)
	return true
}

func (s *Server) settle(ctx context.Context, r *request, reply *sdk.Event, err error) {
	r.once.Do(func() {
		r.timer.Stop()
		s.mu.Lock()
		for i := range s.pending {
			if s.pending[i] == r {
				s.pending = append(s.pending[:i:i], s.pending[i+1:]...)
				break
			}
		}
		s.mu.Unlock()
		r.done(ctx, reply, err)
	})
}

// Reply brings the reply to a request that the plugin has sent to somebody who is no client: st is from whom it was sent to, and has its id.
func (s *Server) Reply(st *stanza.Element) {
	s.t.Helper()
	if !s.answer(s.context(), st) {
		s.t.Fatalf("there is no request that this could be the reply to: %s", st)
	}
}
