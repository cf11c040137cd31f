package permission_test

import (
	"context"
	"testing"

	"quatrain/host/internal/permission"
)

// hosts is a server with a VirtualHost, another one, and a component of the first.
type hosts map[string]any // "host option" → value

func (hosts) IsLocal(domain string) bool     { return domain == "example" || domain == "other" }
func (hosts) IsComponent(domain string) bool { return domain == "rooms.example" }
func (h hosts) StoredRole(_ context.Context, user, host string) string {
	role, _ := h["stored "+user+"@"+host].(string)
	return role
}

func (h hosts) Option(host, name string) any {
	if v, ok := h[host+" "+name]; ok {
		return v
	}
	return h["* "+name]
}

func TestRoleOf(t *testing.T) {
	admins := hosts{"* admins": []any{"Root@Example"}, "rooms.example admins": []any{"host@example"}}
	tests := map[string]struct {
		hosts     hosts
		jid, host string
		want      string
	}{
		"admin of the server":                      {admins, "root@example/x", "rooms.example", permission.Operator},
		"admin of a host falls under its own list": {hosts{"rooms.example admins": []any{"host@example"}}, "host@example", "rooms.example", permission.Admin},
		"user of the host":                         {hosts{}, "user@example/x", "example", permission.Registered},
		"anonymous user":                           {hosts{"example authentication": "anonymous"}, "u@example/x", "example", permission.Guest},
		"given a role":                             {hosts{"stored user@example": permission.Member}, "user@example", "example", permission.Member},
		"an admin who was given a role":            {hosts{"stored user@example": permission.Member, "example admins": []any{"user@example"}}, "user@example", "example", permission.Admin},
		"stranger on a host":                       {hosts{}, "user@far", "example", permission.Guest},
		"user of the parent host":                  {hosts{}, "user@example", "rooms.example", permission.Registered},
		"user of another host":                     {hosts{}, "user@other", "rooms.example", permission.Guest},
		"stranger on a component":                  {hosts{}, "user@far", "rooms.example", permission.Guest},
		"configured for strangers":                 {hosts{"rooms.example public_user_role": "prosody:registered"}, "user@far", "rooms.example", permission.Registered},
		"malformed address":                        {hosts{}, "@@", "example", permission.Guest},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := permission.RoleOf(t.Context(), tc.hosts, tc.jid, tc.host); got != tc.want {
				t.Errorf("RoleOf(%q, %q) = %q, want %q", tc.jid, tc.host, got, tc.want)
			}
		})
	}
}

func TestPermitted(t *testing.T) {
	g := permission.NewGrants()
	g.Allow("rooms.example", permission.Registered, "rooms:create")
	tests := map[string]struct {
		host, role, action string
		want               bool
	}{
		"granted":           {"rooms.example", permission.Registered, "rooms:create", true},
		"inherited":         {"rooms.example", permission.Operator, "rooms:create", true},
		"below":             {"rooms.example", permission.Guest, "rooms:create", false},
		"on another host":   {"example", permission.Operator, "rooms:create", false},
		"another action":    {"rooms.example", permission.Operator, "rooms:destroy", false},
		"a role of its own": {"rooms.example", "custom", "rooms:create", false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := g.Permitted(tc.host, tc.role, tc.action); got != tc.want {
				t.Errorf("Permitted(%q, %q, %q) = %v, want %v", tc.host, tc.role, tc.action, got, tc.want)
			}
		})
	}
}

func TestRevoke(t *testing.T) {
	const host, action = "localhost", "rooms:create"
	g := permission.NewGrants()
	g.Allow(host, permission.Admin, action)
	g.Allow(host, permission.Registered, action)
	g.Allow(host, permission.Registered, action)
	for i, want := range []bool{true, true, false, false} {
		if got := g.Permitted(host, permission.Registered, action); got != want {
			t.Errorf("after revoking %d times: got %v, want %v", i, got, want)
		}
		g.Revoke(host, permission.Registered, action)
	}
	if !g.Permitted(host, permission.Admin, action) {
		t.Error("what others may was revoked, too")
	}
	g.Revoke("elsewhere", permission.Admin, action)
}
