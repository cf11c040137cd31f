package moduleapi

import (
	"context"
	"strings"

	"quatrain/host/internal/permission"
	"quatrain/sdk"
)

// DefaultPermission grants an action on the module's host for as long as the module is loaded: what an operator no longer allows must not
// outlive a reload.
func (m *Module) DefaultPermission(role, action string) {
	host, action := m.host, m.action(action)
	m.srv.Grants.Allow(host, role, action)
	m.undoLater(func() { m.srv.Grants.Revoke(host, role, action) })
}

func (m *Module) action(name string) string {
	if strings.HasPrefix(name, ":") {
		return m.name + name
	}
	return name
}

// May tells whether the actor's role on the module's host is granted the action.
func (m *Module) May(ctx context.Context, action string, actor sdk.Actor, quiet bool) bool {
	role := m.RoleOf(ctx, actor)
	action = m.action(action)
	if m.srv.Grants.Permitted(m.host, role, action) {
		return true
	}
	if !quiet {
		m.log.Debug("permission denied", "action", action, "role", role, "jid", actor.JID)
	}
	return false
}

// RoleOf is the role of an actor on the module's host: that of the session if it belongs there, else that of the JID.
func (m *Module) RoleOf(ctx context.Context, actor sdk.Actor) string {
	if s := actor.Session; s != nil && s.Type() == sdk.TypeC2S && s.Host() == m.host {
		if role, _ := s.Field("role"); role != nil {
			if name, ok := role.(string); ok && permission.IsRole(name) {
				return name
			}
		}
	}
	address := actor.JID
	if address == "" && actor.Session != nil {
		address = actor.Session.JID()
	}
	return permission.RoleOf(ctx, hostFacts{m.srv}, address, m.host)
}

// hostFacts answers permission's questions.
type hostFacts struct{ srv *Server }

func (h hostFacts) IsLocal(domain string) bool { return h.is(domain, sdk.HostLocal) }

func (h hostFacts) IsComponent(domain string) bool { return h.is(domain, sdk.HostComponent) }

func (h hostFacts) Option(host, name string) any { return h.srv.Options.Option(host, name) }

// StoredRole is "" if the store cannot be read.
func (h hostFacts) StoredRole(ctx context.Context, user, host string) string {
	role, err := h.srv.Roles.Role(ctx, user, host)
	if err != nil {
		h.srv.Log.Warn("a stored role cannot be read", "err", err)
	}
	return role
}

func (h hostFacts) is(domain string, want sdk.HostType) bool {
	t, ok := h.srv.Hosts.Type(domain)
	return ok && t == want
}
