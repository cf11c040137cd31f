package sdk

import (
	"context"
	"errors"
	"iter"
	"time"

	"quatrain/xmpp/stanza"
)

// Store kinds.
const (
	KindKeyval     = "keyval"
	KindMap        = "map"
	KindKeyvalPlus = "keyval+"
	KindArchive    = "archive"
)

var (
	// ErrItemNotFound tells that an archive query names an id that is not there.
	ErrItemNotFound = errors.New("item-not-found")
	// ErrQuotaLimit tells that an archive is full.
	ErrQuotaLimit = errors.New("quota-limit")
	// ErrUnsupported tells that the driver cannot do it.
	ErrUnsupported = errors.New("unsupported")
)

// Data is a stored value: string keys (also "", and the numbers of a list written as map keys) to nil, bool, float64, string, []any,
// Data or map[any]any for mixed keys. Drivers return it as they were given it.
type Data = map[any]any

// Keyval keeps one table per user. The user is a prepared localpart, or "" for what belongs to the host. Writes return when the
// statement is done; they are durable when the chain's Ticket is (without a chain: when they return).
type Keyval interface {
	// Get returns nil without error if there is nothing.
	Get(ctx context.Context, user string) (any, error)
	// Set replaces the value; nil or an empty table deletes it.
	Set(ctx context.Context, user string, data any) error
	// Users iterates over the users that have data; "" is not among them.
	Users(ctx context.Context) iter.Seq2[string, error]
}

// Map is a keyval store whose top-level keys are read and written one by one.
type Map interface {
	GetKey(ctx context.Context, user, key string) (any, error)
	// SetKey with a nil value removes the key.
	SetKey(ctx context.Context, user, key string, value any) error
	// SetKeys changes several keys in one step; nil values remove.
	SetKeys(ctx context.Context, user string, values map[string]any) error
	// GetKeyFromAll is user → value for all users that have the key ("" for the host's own).
	GetKeyFromAll(ctx context.Context, key string) (map[string]any, error)
	DeleteKeyFromAll(ctx context.Context, key string) error
}

// KeyvalPlus is both.
type KeyvalPlus interface {
	Keyval
	Map
}

// Patcher is a Keyval that a small change of a large value costs little. Not all drivers have it.
type Patcher interface {
	Keyval
	// Patch changes what there is of a user in one step. When it fails nothing has been changed; where an earlier write has been lost
	// (Ticket) it fails until Set has written all.
	Patch(ctx context.Context, user string, p Patch) error
}

// Patch is a change of a stored value that leaves alone what it does not name. A key is changed as a whole or by entries, and is not "".
type Patch struct {
	// Keys are top-level keys with their new values; nil removes.
	Keys map[string]any
	// Entries are changed in the tables that stand under top-level keys; nil removes. What is no table becomes one.
	Entries map[string]map[string]any
}

// Archive keeps stanzas in order per user.
type Archive interface {
	// Append adds a stanza; key "" lets the store choose the id, an existing key is replaced (and moves to the end).
	Append(ctx context.Context, user, key string, st *stanza.Element, when time.Time, with string) (id string, err error)
	// Find returns the matching entries, and the total number of matches ignoring Limit, Before and After if q.Total (else -1).
	Find(ctx context.Context, user string, q ArchiveQuery) (entries []ArchiveEntry, total int, err error)
	Get(ctx context.Context, user, id string) (ArchiveEntry, error)
	Replace(ctx context.Context, user, id string, st *stanza.Element, when time.Time, with string) error
	// Delete removes what matches and returns how many. AllUsers removes from every user.
	Delete(ctx context.Context, user string, q ArchiveQuery) (int, error)
	// Summary counts messages by With.
	Summary(ctx context.Context, user string, q ArchiveQuery) (map[string]int, error)
	// Dates lists the days (UTC, YYYY-MM-DD) that have entries.
	Dates(ctx context.Context, user string) ([]string, error)
	Users(ctx context.Context) iter.Seq2[string, error]
	Caps() ArchiveCaps
}

// ArchiveQuery selects entries; zero fields do not restrict.
type ArchiveQuery struct {
	Start, End    time.Time
	With          string
	Key           string
	IDs           []string
	Before, After string // ids, exclusive; unknown ones are ErrItemNotFound
	Limit         int    // 0: no limit
	Reverse       bool   // newest first
	Total         bool
	Truncate      int  // Delete: keep only this many newest (with HasTruncate)
	HasTruncate   bool //
	AllUsers      bool // Delete: whatever the user
}

// ArchiveEntry is one stored stanza.
type ArchiveEntry struct {
	ID     string
	Stanza *stanza.Element
	When   time.Time // second resolution at least
	With   string
}

// ArchiveCaps tells what a driver can do.
type ArchiveCaps struct {
	Total, Truncate, FullIDRange, IDs, WildcardDelete bool
	Quota                                             int // entries per user, 0: none
}
