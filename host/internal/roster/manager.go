package roster

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"weak"

	"github.com/google/uuid"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// storeName is the store that rosters are in, as in Prosody.
const storeName = "roster"

// recentRosters is how many rosters of users who are not online stay in memory.
const recentRosters = 1024

// OpenStore opens a keyval store of a host.
type OpenStore func(ctx context.Context, host, store string) (sdk.Keyval, error)

// Sessions finds who is to be told of a change.
type Sessions interface {
	// Of are all bound sessions of a bare JID.
	Of(bareJID string) []sdk.Session
}

// Accounts may be implemented by Sessions that know more than who is there. Then rosters of users who do not exist are not changed, so
// that requests from outside do not fill the store.
type Accounts interface {
	Exists(ctx context.Context, username, host string) (bool, error)
}

// Loaded lets modules add to a roster that has been loaded (roster-load): it returns all items, and whether the version now says nothing about them.
// changed is false if nobody wanted to know.
type Loaded func(ctx context.Context, username, host string, r sdk.Roster) (items []sdk.RosterItem, unversioned, changed bool, err error)

// Manager holds the rosters of all hosts. Usernames, hosts and contacts (bare JIDs) are prepared. Safe for concurrent use.
type Manager struct {
	open     OpenStore
	sessions Sessions
	accounts Accounts // may be nil
	loaded   Loaded   // may be nil

	mu      sync.Mutex // guards the rest; nothing is called under it
	rosters map[string]weak.Pointer[Roster]
	recent  []*Roster // a ring that keeps the last ones alive
	next    int
}

// NewManager makes a manager on the stores that open opens; loaded may be nil.
func NewManager(open OpenStore, sessions Sessions, loaded Loaded) *Manager {
	accounts, _ := sessions.(Accounts)
	return &Manager{open: open, sessions: sessions, accounts: accounts, loaded: loaded,
		rosters: map[string]weak.Pointer[Roster]{}, recent: make([]*Roster, recentRosters)}
}

// Load is Roster in the terms of the contract.
func (m *Manager) Load(ctx context.Context, username, host string) (sdk.Roster, error) {
	r, err := m.Roster(ctx, username, host)
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Roster is a user's roster, an empty one if none is stored.
func (m *Manager) Roster(ctx context.Context, username, host string) (*Roster, error) {
	bare := username + "@" + host
	if r := m.cached(bare); r != nil {
		return r, nil
	}
	r := m.entry(username, host)
	sdk.Lock(ctx, &r.change)
	defer r.change.Unlock()
	if r.now.Load() != nil {
		return r, nil
	}
	if err := m.load(ctx, r); err != nil {
		return nil, fmt.Errorf("loading the roster of %q: %w", bare, err)
	}
	return r, nil
}

// cached is a roster that is in memory, nil if it has to be loaded.
func (m *Manager) cached(bare string) *Roster {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.rosters[bare].Value(); r != nil && r.now.Load() != nil {
		return r
	}
	return nil
}

// load reads a roster from its store. The caller holds r.change, so that nobody changes what was read before it is there.
func (m *Manager) load(ctx context.Context, r *Roster) error {
	store, err := m.open(ctx, r.host, storeName)
	if err != nil {
		return err
	}
	stored, err := store.Get(ctx, r.username)
	if err != nil {
		return err
	}
	c := read(stored, r.username+"@"+r.host)
	if err := m.complete(ctx, r, c); err != nil {
		return err
	}
	r.now.Store(c)
	return nil
}

// complete lets modules add to what was read.
func (m *Manager) complete(ctx context.Context, r *Roster, c *contents) error {
	if m.loaded == nil {
		return nil
	}
	read := &Roster{username: r.username, host: r.host}
	read.now.Store(c)
	items, unversioned, changed, err := m.loaded(ctx, r.username, r.host, read)
	if err != nil || !changed {
		return err
	}
	c.unversioned, c.items = unversioned, make(map[string]sdk.RosterItem, len(items))
	for _, item := range items {
		c.items[item.JID] = item
	}
	return nil
}

// entry is the one roster of a user, loaded or not.
func (m *Manager) entry(username, host string) *Roster {
	m.mu.Lock()
	defer m.mu.Unlock()
	bare := username + "@" + host
	if r := m.rosters[bare].Value(); r != nil {
		return r
	}
	r := &Roster{username: username, host: host}
	ptr := weak.Make(r)
	m.rosters[bare] = ptr
	m.recent[m.next] = r
	m.next = (m.next + 1) % len(m.recent)
	manager := weak.Make(m) // which has rosters itself, so that none would ever be collected if the clean-up held it
	runtime.AddCleanup(r, func(gone weak.Pointer[Roster]) {
		if m := manager.Value(); m != nil {
			m.forget(bare, gone)
		}
	}, ptr)
	return r
}

// forget drops the entry of a roster that was collected, unless it has been loaded again.
func (m *Manager) forget(bare string, gone weak.Pointer[Roster]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rosters[bare] == gone {
		delete(m.rosters, bare)
	}
}

// edit applies f to a copy of the roster's contents and, if f returns true, stores them under a new version.
func (m *Manager) edit(ctx context.Context, username, host string, f func(c *contents) bool) (changed bool, err error) {
	if m.accounts != nil {
		if ok, err := m.accounts.Exists(ctx, username, host); !ok || err != nil {
			return false, err
		}
	}
	r, err := m.Roster(ctx, username, host)
	if err != nil {
		return false, err
	}
	store, err := m.open(ctx, host, storeName)
	if err != nil {
		return false, err
	}
	sdk.Lock(ctx, &r.change)
	defer r.change.Unlock()
	next := r.now.Load().clone()
	if !f(next) {
		return false, nil
	}
	next.version++
	if err := store.Set(ctx, username, next.data()); err != nil {
		return false, fmt.Errorf("storing the roster of %q: %w", username+"@"+host, err)
	}
	r.now.Store(next)
	return true, nil
}

// Update changes a contact's item, or removes it if item is nil, and stores the roster. Nobody is told; see Push.
func (m *Manager) Update(ctx context.Context, username, host, contact string, item *sdk.RosterItem) error {
	_, err := m.edit(ctx, username, host, func(c *contents) bool {
		if item == nil {
			delete(c.items, contact)
			delete(c.pending, contact)
			return true
		}
		it := *item
		it.JID = contact
		c.items[contact] = it
		return true
	})
	return err
}

// Push tells the user's sessions that asked for the roster about a contact's item, or that it is gone (RFC 6121 §2.1.6).
func (m *Manager) Push(ctx context.Context, username, host, contact string) error {
	var push *stanza.Element
	for _, s := range m.sessions.Of(username + "@" + host) {
		if interested, _ := s.Field("interested"); interested != true {
			continue
		}
		if push == nil {
			r, err := m.Roster(ctx, username, host)
			if err != nil {
				return err
			}
			push = r.push(contact)
		}
		s.Send(ctx, push) // a session that has ended needs no roster
	}
	return nil
}

func (r *Roster) push(contact string) *stanza.Element {
	c := r.now.Load()
	item, ok := c.items[contact]
	if !ok {
		item = sdk.RosterItem{JID: contact, Subscription: "remove"}
	}
	query := stanza.New("query", stanza.NSRoster, "ver", r.Version()).AddChild(element(item))
	return stanza.IQ("set", uuid.NewString()).AddChild(query)
}

// element is an item as it is sent (RFC 6121 §2.1.2).
func element(item sdk.RosterItem) *stanza.Element {
	e := stanza.New("item", stanza.NSRoster, "jid", item.JID, "subscription", item.Subscription)
	if item.Name != "" {
		e.SetAttr("name", item.Name)
	}
	if item.Ask {
		e.SetAttr("ask", "subscribe")
	}
	if item.Approved {
		e.SetAttr("approved", "true")
	}
	for _, g := range item.Groups {
		e.AddChild(stanza.New("group", stanza.NSRoster).AddText(g))
	}
	return e
}

// Forget drops a user's roster from memory, because the account and its stores are gone.
func (m *Manager) Forget(username, host string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	bare := username + "@" + host
	r := m.rosters[bare].Value()
	delete(m.rosters, bare)
	for i, kept := range m.recent {
		if kept == r {
			m.recent[i] = nil
		}
	}
}
