package host

import (
	"context"
	"errors"
	"iter"
	"sync"

	"quatrain/host/internal/account"
	"quatrain/host/internal/router"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// sessions is the session table in the terms of the contract.
type sessions struct{ router *router.Router }

// Find is the bound session of a full JID, nil if there is none.
func (s sessions) Find(full string) sdk.Session {
	if found := s.router.Session(full); found != nil {
		return found
	}
	return nil
}

// Top are the available sessions of a bare JID with the highest non-negative priority.
func (s sessions) Top(bare string) (list []sdk.Session) {
	for _, one := range s.router.TopSessions(bare) {
		list = append(list, one)
	}
	return list
}

// Available are the sessions of a bare JID whose priority is not negative.
func (s sessions) Available(bare string) (list []sdk.Session) {
	for _, one := range s.router.UserSessions(bare) {
		if p, priority := one.Presence(); p != nil && priority >= 0 {
			list = append(list, one)
		}
	}
	return list
}

// Of are all bound sessions of a bare JID.
func (s sessions) Of(bare string) (list []sdk.Session) {
	for _, one := range s.router.UserSessions(bare) {
		list = append(list, one)
	}
	return list
}

// members are the sessions, and who has an account.
type members struct {
	sessions
	users *account.Users
}

// Exists tells whether there is such an account; a provider that does not know its users has everybody.
func (m members) Exists(ctx context.Context, username, host string) (bool, error) {
	ok, err := m.users.Exists(ctx, username, host)
	if errors.Is(err, account.ErrUnsupported) {
		return true, nil
	}
	return ok, err
}

// stanzaWay is the way that stanzas of modules take.
type stanzaWay struct{ srv *Server }

func (w stanzaWay) Post(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	if w.srv.early.keep(origin, st) {
		return nil
	}
	return w.srv.router.Post(ctx, origin, st)
}

func (w stanzaWay) Broadcast(ctx context.Context, host string, to []string, st *stanza.Element) error {
	return w.srv.router.Broadcast(ctx, host, to, st)
}

func (w stanzaWay) SendEach(ctx context.Context, host, to string, list iter.Seq[*stanza.Printed]) error {
	return w.srv.router.SendEach(ctx, host, to, list)
}

// options is the configuration of now.
type options struct{ srv *Server }

func (o options) Option(host, name string) any    { return o.srv.cfg.Load().Option(host, name) }
func (o options) OptionAt(host, name string) any  { return o.srv.cfg.Load().OptionAt(host, name) }
func (o options) OnError(name string) sdk.OnError { return o.srv.cfg.Load().OnError(name) }

// policy is what the configuration says about plugins.
type policy struct{ srv *Server }

func (p policy) Resolve(name string) string      { return p.srv.cfg.Load().Resolve(name) }
func (p policy) Synonyms(name string) []string   { return p.srv.cfg.Load().Synonyms(name) }
func (p policy) Disabled(host, name string) bool { return p.srv.cfg.Load().Disabled(host, name) }
func (p policy) ForceReload(host string) bool    { return p.srv.cfg.Load().ForceReload(host) }

// failures counts failed handlers by plugin.
type failures struct {
	mu       sync.Mutex // guards byPlugin
	byPlugin map[string]int
}

func (f *failures) count(plugin, _ string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.byPlugin == nil {
		f.byPlugin = map[string]int{}
	}
	f.byPlugin[plugin]++
}

func (f *failures) of(plugin string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.byPlugin[plugin]
}

func hostGone() *stanza.StreamError { return &stanza.StreamError{Condition: "host-gone"} }
