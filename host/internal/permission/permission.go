// Package permission says who may do what: roles that inherit from each other, actions granted to roles per host, and the role of an
// actor on a host. The rules are those of Prosody's authorisation (docs/configuration.md lists the options).
package permission

import (
	"slices"
	"sync"
)

// The built-in roles, each with all permissions of those before it.
const (
	Guest      = "prosody:guest"
	Registered = "prosody:registered"
	Member     = "prosody:member"
	Admin      = "prosody:admin"
	Operator   = "prosody:operator"
)

var ranks = []string{Guest, Registered, Member, Admin, Operator}

// Roles are the built-in roles, the lowest first.
func Roles() []string { return slices.Clone(ranks) }

// IsRole tells whether name is a built-in role.
func IsRole(name string) bool { return slices.Contains(ranks, name) }

// Inherits tells whether role has what is granted to other.
func Inherits(role, other string) bool {
	r, o := slices.Index(ranks, role), slices.Index(ranks, other)
	if r < 0 || o < 0 {
		return role == other
	}
	return r >= o
}

// Grants are the permissions of each host. Safe for concurrent use.
type Grants struct {
	mu      sync.RWMutex // guards actions
	actions map[string]map[string][]string
}

// NewGrants makes an empty table.
func NewGrants() *Grants { return &Grants{actions: map[string]map[string][]string{}} }

// Allow grants an action (module name, colon, verb) on a host to a role and those above it. What is granted twice has to be revoked twice.
func (g *Grants) Allow(host, role, action string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	h := g.actions[host]
	if h == nil {
		h = map[string][]string{}
		g.actions[host] = h
	}
	h[action] = append(h[action], role)
}

// Revoke takes back what was granted with Allow.
func (g *Grants) Revoke(host, role, action string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	granted := g.actions[host][action]
	if at := slices.Index(granted, role); at >= 0 {
		g.actions[host][action] = slices.Delete(granted, at, at+1)
	}
}

// Permitted tells whether a role may do an action on a host.
func (g *Grants) Permitted(host, role, action string) bool {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return slices.ContainsFunc(g.actions[host][action], func(granted string) bool { return Inherits(role, granted) })
}
