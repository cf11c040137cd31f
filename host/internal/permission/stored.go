package permission

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"quatrain/sdk"
)

// Stores that roles of users are in: Prosody's since version 13, a map with the role under the key below and further ones by their names; and
// that of 0.12, a set of roles, which is only read.
const (
	roleStore    = "account_roles"
	oldRoleStore = "roles"
	primaryKey   = "_default"
)

// maxCached is how many users' roles of a host stay in memory.
const maxCached = 4096

// Stored are the roles that users have been given at run time. Safe for concurrent use.
type Stored struct {
	open func(ctx context.Context, host, store string) (sdk.KeyvalPlus, error)

	mu    sync.Mutex // guards hosts and what is cached of them; nothing is called under it
	hosts map[string]*storedOnHost
}

// Provider says instead of the stores who has been given which role on a host.
type Provider interface {
	// Role is the role that a user has been given, "" for none.
	Role(ctx context.Context, user string) (string, error)
	SetRole(ctx context.Context, user, role string) error
	// Users are those who have been given a role.
	Users(ctx context.Context, role string) ([]string, error)
}

type storedOnHost struct {
	provider Provider         // nil: the stores
	change   sync.Mutex       // held while roles are read or changed; stores are called under it, maybe in Lua: it is taken with sdk.Lock
	cached   map[string]given // by username; also of those who have been given nothing
}

// given is what one user has been given. It is never changed.
type given struct {
	primary   string
	secondary []string
}

// NewStored reads and writes the stores that open opens.
func NewStored(open func(ctx context.Context, host, store string) (sdk.KeyvalPlus, error)) *Stored {
	return &Stored{open: open, hosts: map[string]*storedOnHost{}}
}

// Use lets a provider say who has which role on a host.
func (s *Stored) Use(host string, p Provider) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onHost(host).provider = p
}

func (s *Stored) provider(host string) Provider {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.onHost(host).provider
}

// onHost is called with mu held.
func (s *Stored) onHost(host string) *storedOnHost {
	if s.hosts[host] == nil {
		s.hosts[host] = &storedOnHost{cached: map[string]given{}}
	}
	return s.hosts[host]
}

// look is what is cached of a user.
func (s *Stored) look(user, host string) (h *storedOnHost, g given, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h = s.onHost(host)
	g, ok = h.cached[user]
	return h, g, ok
}

func (s *Stored) keep(h *storedOnHost, user string, g given) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(h.cached) >= maxCached {
		clear(h.cached)
	}
	h.cached[user] = g
}

// of is what a user has been given.
func (s *Stored) of(ctx context.Context, user, host string) (given, error) {
	h, g, ok := s.look(user, host)
	if ok {
		return g, nil
	}
	sdk.Lock(ctx, &h.change)
	defer h.change.Unlock()
	return s.loaded(ctx, h, user, host)
}

// loaded is of with h.change held.
func (s *Stored) loaded(ctx context.Context, h *storedOnHost, user, host string) (g given, err error) {
	if _, g, ok := s.look(user, host); ok {
		return g, nil
	}
	for _, store := range []string{oldRoleStore, roleStore} {
		newer, err := s.read(ctx, user, host, store)
		if err != nil {
			return g, fmt.Errorf("reading the role of %q: %w", user+"@"+host, err)
		}
		if newer.primary != "" {
			g.primary = newer.primary
		}
		g.secondary = append(g.secondary, newer.secondary...)
	}
	s.keep(h, user, g)
	return g, nil
}

func (s *Stored) read(ctx context.Context, user, host, name string) (g given, err error) {
	store, err := s.open(ctx, host, name)
	if err != nil {
		return g, err
	}
	v, err := store.Get(ctx, user)
	data, _ := v.(sdk.Data)
	return readGiven(data), err
}

// readGiven reads either layout: where no role is marked as the first one, it is the highest of ours.
func readGiven(data sdk.Data) (g given) {
	g.primary, _ = data[primaryKey].(string)
	marked := g.primary != ""
	for k, v := range data {
		role, ok := k.(string)
		switch {
		case !ok || role == primaryKey || v != true:
		case marked || !IsRole(role):
			g.secondary = append(g.secondary, role)
		case g.primary == "" || Inherits(role, g.primary):
			g.primary = role
		}
	}
	slices.Sort(g.secondary)
	return g
}

// Role is the role that a user has been given, "" for none.
func (s *Stored) Role(ctx context.Context, user, host string) (string, error) {
	if p := s.provider(host); p != nil {
		return p.Role(ctx, user)
	}
	g, err := s.of(ctx, user, host)
	return g.primary, err
}

// Secondary are the roles that a user may take on besides.
func (s *Stored) Secondary(ctx context.Context, user, host string) ([]string, error) {
	g, err := s.of(ctx, user, host)
	return slices.Clone(g.secondary), err
}

// Users are the users of a host who have been given a role, "" for any: user → role.
func (s *Stored) Users(ctx context.Context, host, role string) (map[string]string, error) {
	users := map[string]string{}
	if p := s.provider(host); p != nil {
		names, err := p.Users(ctx, role)
		for _, name := range names {
			users[name] = role
		}
		return users, err
	}
	for _, name := range []string{oldRoleStore, roleStore} {
		store, err := s.open(ctx, host, name)
		if err != nil {
			return nil, err
		}
		for user, err := range store.Users(ctx) {
			if err != nil {
				return nil, err
			}
			g, err := s.of(ctx, user, host)
			if err != nil {
				return nil, err
			}
			if g.primary != "" && (role == "" || g.primary == role) {
				users[user] = g.primary
			}
		}
	}
	return users, nil
}

// Set gives a user a role; "" takes it away.
func (s *Stored) Set(ctx context.Context, user, host, role string) error {
	if p := s.provider(host); p != nil {
		return p.SetRole(ctx, user, role)
	}
	return s.edit(ctx, user, host, func(g *given) map[string]any {
		g.primary = role
		g.secondary = without(g.secondary, role)
		values := map[string]any{primaryKey: nil}
		if role != "" {
			values[primaryKey], values[role] = role, nil
		}
		return values
	})
}

// SetSecondary lets a user take on a role besides the own one, or no longer.
func (s *Stored) SetSecondary(ctx context.Context, user, host, role string, has bool) error {
	return s.edit(ctx, user, host, func(g *given) map[string]any {
		g.secondary = without(g.secondary, role)
		if !has {
			return map[string]any{role: nil}
		}
		g.secondary = append(g.secondary, role)
		slices.Sort(g.secondary)
		return map[string]any{role: true}
	})
}

func without(list []string, gone string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == gone })
}

// edit changes what a user has been given, first in the store.
func (s *Stored) edit(ctx context.Context, user, host string, f func(g *given) map[string]any) error {
	h, _, _ := s.look(user, host)
	sdk.Lock(ctx, &h.change)
	defer h.change.Unlock()
	g, err := s.loaded(ctx, h, user, host)
	if err != nil {
		return err
	}
	store, err := s.open(ctx, host, roleStore)
	if err != nil {
		return err
	}
	if err := store.SetKeys(ctx, user, f(&g)); err != nil {
		return fmt.Errorf("storing the role of %q: %w", user+"@"+host, err)
	}
	s.keep(h, user, g)
	return nil
}

// Forget tells that a user is gone, and all that was stored.
func (s *Stored) Forget(user, host string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h := s.hosts[host]; h != nil {
		delete(h.cached, user)
	}
}
