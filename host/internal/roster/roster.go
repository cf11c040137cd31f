// Package roster keeps the contact lists of users and answers their management (RFC 6121 §2), with versioning (§2.6) and pre-approval
// (§3.4). Stored rosters have Prosody's layout, so that its data opens as it is.
//
// The subscription states of RFC 6121 appendix A are the methods in state.go; whoever sends the stanzas that go with them is package
// presence.
package roster

import (
	"maps"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Subscription states of an item (RFC 6121 §2.1.2.5).
const (
	None = "none" // neither
	To   = "to"   // the user gets the contact's presence
	From = "from" // the contact gets the user's presence
	Both = "both"
)

// Roster is a user's contact list (sdk.Roster). There is one per user as long as anybody holds it; reading takes no lock.
type Roster struct {
	username, host string
	now            atomic.Pointer[contents] // nil until it is loaded

	// change is held while the roster is loaded, and from the decision about a change until it is stored, so that changes are stored in
	// order. Stores are called under it, maybe in Lua: it is taken with sdk.Lock.
	change sync.Mutex
}

// contents are never changed once they are a roster's.
type contents struct {
	version     int
	unversioned bool // what modules added may change without the version
	items       map[string]sdk.RosterItem
	pending     map[string]*stanza.Element // requests of contacts that wait for the user, as they came; nil if that is unknown
}

func (c *contents) clone() *contents {
	return &contents{c.version, c.unversioned, maps.Clone(c.items), maps.Clone(c.pending)}
}

// Version is the version's number in decimal, "0" for a roster that was never changed.
func (r *Roster) Version() string { return strconv.Itoa(r.now.Load().version) }

// Unversioned tells that the version says nothing about the contents: clients get them as a whole each time.
func (r *Roster) Unversioned() bool { return r.now.Load().unversioned }

// Item is the entry of a bare JID.
func (r *Roster) Item(jid string) (sdk.RosterItem, bool) {
	item, ok := r.now.Load().items[jid]
	return item, ok
}

// Items lists the entries, by JID.
func (r *Roster) Items() []sdk.RosterItem {
	c := r.now.Load()
	list := make([]sdk.RosterItem, 0, len(c.items))
	for _, jid := range slices.Sorted(maps.Keys(c.items)) {
		list = append(list, c.items[jid])
	}
	return list
}

// Pending lists the bare JIDs whose subscription requests wait for an answer, sorted.
func (r *Roster) Pending() []string {
	return slices.Sorted(maps.Keys(r.now.Load().pending))
}

// Request is the presence stanza of a pending request, nil if there is none or it was not kept.
func (r *Roster) Request(jid string) *stanza.Element {
	if st := r.now.Load().pending[jid]; st != nil {
		return st.Clone()
	}
	return nil
}

// SendsTo tells whether the contact gets the user's presence, ReceivesFrom whether the user gets the contact's.
func (r *Roster) SendsTo(jid string) bool      { return r.in(jid, From) }
func (r *Roster) ReceivesFrom(jid string) bool { return r.in(jid, To) }

func (r *Roster) in(jid, state string) bool {
	s := r.now.Load().items[jid].Subscription
	return s == state || s == Both
}

// IsPending tells whether a request of the contact waits for an answer.
func (r *Roster) IsPending(jid string) bool {
	_, ok := r.now.Load().pending[jid]
	return ok
}

var _ sdk.Roster = (*Roster)(nil)
