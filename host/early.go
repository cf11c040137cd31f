package host

import (
	"context"
	"sync"
	"sync/atomic"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// earlyStanzas keeps what plugins send as they load, while the server starts, to hosts of ours whose turn has not come: they get it once
// all hosts are there. Otherwise it would be refused as meant for another server, depending on the order in the configuration.
type earlyStanzas struct {
	active  atomic.Bool // false once all hosts are there: then nothing else is looked at
	mu      sync.Mutex  // guards the rest; nothing is sent under it
	coming  map[string]bool
	waiting []earlyStanza
}

type earlyStanza struct {
	origin sdk.Session
	st     *stanza.Element
}

// expect says which host is going to be activated.
func (e *earlyStanzas) expect(host string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.coming == nil {
		e.coming = map[string]bool{}
		e.active.Store(true)
	}
	e.coming[host] = true
}

// arrive says that a host is there.
func (e *earlyStanzas) arrive(host string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.coming, host)
}

// keep takes a stanza whose host is still to come. The sender may go on changing it.
func (e *earlyStanzas) keep(origin sdk.Session, st *stanza.Element) bool {
	if !e.active.Load() {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, host, _ := jid.Split(st.To()); !e.coming[host] {
		return false
	}
	e.waiting = append(e.waiting, earlyStanza{origin, st.Clone()})
	return true
}

// take ends the waiting.
func (e *earlyStanzas) take() []earlyStanza {
	e.active.Store(false)
	e.mu.Lock()
	defer e.mu.Unlock()
	waiting := e.waiting
	e.waiting = nil
	return waiting
}

// sendEarly brings on their way the stanzas that had to wait.
func (srv *Server) sendEarly(ctx context.Context) {
	for _, early := range srv.early.take() {
		if err := srv.router.Post(sdk.WithChain(ctx), early.origin, early.st); err != nil {
			srv.log.Warn("a stanza sent while the server started was not delivered", "err", err)
		}
	}
}
