// Package sasl is the server's side of SASL (RFC 4422) in the profile of XMPP (RFC 6120 §6): PLAIN (RFC 4616), ANONYMOUS (RFC 4505),
// SCRAM-SHA-1 (RFC 5802) and SCRAM-SHA-256 (RFC 7677) with their -PLUS forms, bound to the TLS connection by tls-exporter (RFC 9266).
//
// The SCRAM exchange itself is github.com/xdg-go/scram, which works from stored keys and knows channel binding. Ours is what stands around
// it: which mechanisms there are, the preparation of names, keys for users who do not exist (so that the exchange does not tell),
// authorization identities, disabled accounts, and the conditions that failures have in XMPP.
//
// It deliberately knows no EXTERNAL, no channel binding by tls-unique (insecure, undefined in TLS 1.3), and does not act for others: an
// authorization identity other than the user's own is refused. Base64 is the caller's.
package sasl

import (
	"context"
	"slices"
	"strings"
)

// Handler is one peer's side of authentication: what is offered to it, and the attempt it is making. After a failure another is made. It
// is used by one goroutine at a time. The type is an alias so that a bridge can implement it, and name it, without importing this package.
type Handler = interface {
	// Mechanisms are those the peer may choose from, the strongest first.
	Mechanisms() []string
	// Select starts an attempt; false if there is no such mechanism.
	Select(mechanism string) bool
	// Process takes what the peer sent (nil: nothing was sent, which differs from an empty message) and returns what to send back, nil for
	// nothing. When done, Username is who the peer is. An error ends the attempt; AsFailure tells what the peer is answered.
	Process(ctx context.Context, message []byte) (reply []byte, done bool, err error)
	// Username is the prepared localpart after success.
	Username() string
}

// Claimer is implemented by handlers that know whom the peer says it is.
type Claimer interface{ Claimed() string }

// Binder is implemented by handlers that can bind an exchange to the TLS connection.
type Binder interface {
	// Bind makes the -PLUS mechanisms available. kind is the type of the binding, as in tls-exporter.
	Bind(kind string, data []byte)
}

// Profile is what accounts can do for authentication; a nil function leaves out the mechanisms that need it.
type Profile struct {
	// TestPassword tells whether the password is the user's. The user is a prepared localpart, the password as sent (RFC 4616).
	TestPassword func(ctx context.Context, username, password string) (bool, error)
	// Keys are the user's keys for one hash; ok is false if there are none.
	Keys func(ctx context.Context, h Hash, username string) (keys Keys, ok bool, err error)
	// Hashes are those that Keys knows, the strongest first.
	Hashes []Hash
	// Enabled tells whether the user may log in at all; asked after the password has been proven. nil: all may.
	Enabled func(ctx context.Context, username string) (bool, error)
	// Anonymous makes up the name of an anonymous user.
	Anonymous func(ctx context.Context) (username string, err error)
	// Secret makes the salts of users who do not exist, so that they stay the same; it should outlive the process.
	Secret []byte
	// Iterations is the count for users who do not exist, as that of new accounts.
	Iterations int
}

// Negotiation implements Handler for a Profile.
type Negotiation struct {
	realm    string
	profile  *Profile
	binding  binding
	mech     mechanism
	username string
	claimed  string
}

type binding struct {
	kind string
	data []byte
}

// mechanism is one attempt. A result with an empty user is not done yet.
type mechanism interface {
	step(ctx context.Context, message []byte) (reply []byte, user string, err error)
}

// New makes the handler of a new peer. The realm is the host it wants to log in to.
func New(realm string, p *Profile) *Negotiation {
	return &Negotiation{realm: realm, profile: p}
}

// Bind makes the -PLUS mechanisms available; empty data does not.
func (n *Negotiation) Bind(kind string, data []byte) {
	n.binding = binding{kind, data}
}

func (n *Negotiation) Mechanisms() []string { return Mechanisms(n.profile, len(n.binding.data) > 0) }

// Mechanisms are those that a profile allows, the strongest first; -PLUS ones only if the connection can be bound.
func Mechanisms(p *Profile, bound bool) []string {
	var names []string
	if p.Keys != nil {
		if bound {
			for _, h := range p.Hashes {
				names = append(names, h.mechanism()+plus)
			}
		}
		for _, h := range p.Hashes {
			names = append(names, h.mechanism())
		}
	}
	if p.TestPassword != nil {
		names = append(names, Plain)
	}
	if p.Anonymous != nil {
		names = append(names, Anonymous)
	}
	return names
}

func (n *Negotiation) Select(name string) bool {
	n.mech, n.username, n.claimed = nil, "", ""
	if !slices.Contains(n.Mechanisms(), name) {
		return false
	}
	switch name {
	case Plain:
		n.mech = &plain{n}
	case Anonymous:
		n.mech = anonymous{n}
	default:
		h := hashOf(strings.TrimSuffix(name, plus))
		n.mech = &scramExchange{n: n, hash: h, plus: strings.HasSuffix(name, plus)}
	}
	return true
}

func (n *Negotiation) Process(ctx context.Context, message []byte) (reply []byte, done bool, err error) {
	if n.mech == nil {
		return nil, false, fail(NotAuthorized, "no mechanism has been chosen", nil)
	}
	reply, user, err := n.mech.step(ctx, message)
	if err == nil && user != "" {
		err = n.admit(ctx, user)
	}
	if err != nil {
		n.mech = nil
		return nil, false, err
	}
	if user == "" {
		return reply, false, nil
	}
	n.mech, n.username = nil, user
	return reply, true, nil
}

// admit refuses users whose account has been disabled.
func (n *Negotiation) admit(ctx context.Context, user string) error {
	if n.profile.Enabled == nil || n.profile.Anonymous != nil && n.profile.Keys == nil {
		return nil
	}
	ok, err := n.profile.Enabled(ctx, user)
	switch {
	case err != nil:
		return fail(TemporaryAuthFailure, "", err)
	case !ok:
		return fail(AccountDisabled, "", nil)
	}
	return nil
}

func (n *Negotiation) Username() string { return n.username }

// Claimed is the prepared localpart of whom the peer says it is, which it need not have proved; "" if it has not said so.
func (n *Negotiation) Claimed() string { return n.claimed }

var (
	_ Handler = (*Negotiation)(nil)
	_ Claimer = (*Negotiation)(nil)
	_ Binder  = (*Negotiation)(nil)
)
