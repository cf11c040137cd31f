package permission

import (
	"context"
	"slices"

	"quatrain/xmpp/jid"
)

// Hosts answers what the role of an actor depends on.
type Hosts interface {
	// IsLocal tells whether domain is a VirtualHost of ours, IsComponent whether it is a component.
	IsLocal(domain string) bool
	IsComponent(domain string) bool
	// Option is the configuration option of a host.
	Option(host, name string) any
	// StoredRole is the role that a user of a host has been given, "" for none.
	StoredRole(ctx context.Context, user, host string) string
}

// RoleOf is the role that a JID (bare or full) has on a host: configured admins are admins there, operators when they are admins of
// the whole server; other users have the role that they have been given; users of a component's parent host, of other local hosts and of elsewhere have the roles that the options
// host_user_role, server_user_role and public_user_role name.
func RoleOf(ctx context.Context, h Hosts, address, host string) string {
	j, err := jid.Parse(address)
	if err != nil {
		return Guest
	}
	bare := j.Bare().String()
	if listed(h.Option("*", "admins"), bare) {
		return Operator
	}
	if listed(h.Option(host, "admins"), bare) {
		return Admin
	}
	if !h.IsComponent(host) {
		return roleOnHost(ctx, h, j, host)
	}
	switch domain := j.Domain(); {
	case domain == Parent(host):
		return option(h, host, "host_user_role", Registered)
	case h.IsLocal(domain):
		return option(h, host, "server_user_role", Guest)
	default:
		return option(h, host, "public_user_role", Guest)
	}
}

func roleOnHost(ctx context.Context, h Hosts, j jid.JID, host string) string {
	if j.Domain() != host || j.Local() == "" {
		return Guest
	}
	if role := h.StoredRole(ctx, j.Local(), host); role != "" {
		return role
	}
	if h.Option(host, "authentication") == "anonymous" {
		return option(h, host, "default_user_role", Guest)
	}
	return option(h, host, "default_user_role", Registered)
}

func option(h Hosts, host, name, fallback string) string {
	if s, ok := h.Option(host, name).(string); ok && IsRole(s) {
		return s
	}
	return fallback
}

func listed(list any, bare string) bool {
	items, _ := list.([]any)
	return slices.ContainsFunc(items, func(v any) bool {
		s, ok := v.(string)
		if !ok {
			return false
		}
		admin, err := jid.Parse(s)
		return err == nil && admin.Bare().String() == bare
	})
}

// Parent is the host whose component a host is by its name: what follows the first label.
func Parent(host string) string {
	for i := range len(host) {
		if host[i] == '.' {
			return host[i+1:]
		}
	}
	return ""
}
