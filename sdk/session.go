package sdk

import (
	"context"

	"quatrain/xmpp/stanza"
)

// Session types, Prosody's words.
const (
	TypeUnauthed  = "c2s_unauthed" // stream open, not authenticated
	TypeUnbound   = "c2s_unbound"  // authenticated, no resource
	TypeC2S       = "c2s"          // bound
	TypeLocal     = "local"        // a host of ours as the origin of what its modules send
	TypeS2SIn     = "s2sin"        // another server's stream to us, and ours to it, that modules have opened
	TypeS2SOut    = "s2sout"
	TypeComponent = "component" // a component of ours, or a connected external one
)

// Session is where a stanza comes from: a client's stream, or a host of ours. Safe for concurrent use.
type Session interface {
	// ID is unique within the process, for logs.
	ID() string
	// Type is one of the Type constants. A session that ended is "c2s_destroyed".
	Type() string
	// Username, Host and Resource are prepared; Username and Resource are "" until authentication and binding.
	Username() string
	Host() string
	Resource() string
	// JID is the full JID, "" until a resource is bound.
	JID() string
	// Send serialises st at once and queues it; st may be changed afterwards. It never blocks on the peer: a peer that does not read
	// loses its session, not the sender its time. The error tells that the session has ended.
	Send(ctx context.Context, st *stanza.Element) error
	// Close ends the stream, with a stream error unless reason is nil.
	Close(ctx context.Context, reason *stanza.StreamError)
	// Field reads a field by the name modules know it by (module-api: "Sessions"); ok is false for a name the core does not know.
	Field(name string) (value any, ok bool)
	// SetField writes such a field; false if the core does not know it or does not let it be written.
	SetField(name string, value any) bool
	// AddFilter puts f into the session's "stanzas/in", "stanzas/out", "bytes/in" or "bytes/out" list, higher priorities first. Data
	// is a *stanza.Element or []byte; f returns what goes on, or nil to drop it.
	AddFilter(kind string, priority float64, f Filter) (remove func())
	// Face and SetFace hold a script runtime's own view of the session.
	Face() any
	SetFace(v any)
}

// Filter sees what passes a session's stream.
type Filter func(ctx context.Context, data any) any

// Roster is a user's contact list as the core holds it. Safe for concurrent use.
type Roster interface {
	// Version changes with every change (RFC 6121 §2.6).
	Version() string
	// Item is the entry of a bare JID.
	Item(jid string) (RosterItem, bool)
	// Items lists the entries in no particular order.
	Items() []RosterItem
	// Pending lists the bare JIDs whose subscription requests wait for an answer.
	Pending() []string
}

// RosterItem is one contact (RFC 6121 §2.1.2).
type RosterItem struct {
	JID          string // bare, prepared
	Name         string
	Subscription string // none, to, from, both
	Ask          bool   // a request of ours is unanswered
	Groups       []string
	Approved     bool
	Virtual      bool // a module adds it whenever the roster is loaded (roster-load); it is not stored
}

// EventSessionCreated fires on the global bus with the origin set for each new client connection, before anything is read from it.
const EventSessionCreated = "c2s-session-created"
