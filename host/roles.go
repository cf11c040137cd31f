package host

import (
	"context"
	"fmt"

	"quatrain/host/internal/account"
	"quatrain/host/internal/permission"
	"quatrain/sdk"
)

// roleFacts answers what roles depend on.
type roleFacts struct{ hosts }

func (f roleFacts) IsLocal(domain string) bool { return f.is(domain, sdk.HostLocal) }

func (f roleFacts) IsComponent(domain string) bool { return f.is(domain, sdk.HostComponent) }

func (f roleFacts) Option(host, name string) any { return f.srv.cfg.Load().Option(host, name) }

// StoredRole is "" if the store cannot be read.
func (f roleFacts) StoredRole(ctx context.Context, user, host string) string {
	role, err := f.srv.roles.Role(ctx, user, host)
	if err != nil {
		f.srv.log.Warn("a stored role cannot be read", "err", err)
	}
	return role
}

func (f roleFacts) is(domain string, want sdk.HostType) bool {
	t, ok := f.Type(domain)
	return ok && t == want
}

func (u luaUsers) Role(ctx context.Context, jid, host string) string {
	return permission.RoleOf(ctx, roleFacts{hosts(u)}, jid, host)
}

// SetRole gives a user another role and tells it (user-role-changed {username, host, role, previous_role}), which ends the sessions with the old one.
func (u luaUsers) SetRole(ctx context.Context, user, host, role string) error {
	if err := u.canHave(ctx, user, host, role); err != nil {
		return err
	}
	before := u.Role(ctx, user+"@"+host, host)
	if err := u.srv.roles.Set(ctx, user, host, role); err != nil {
		return err
	}
	if now := u.Role(ctx, user+"@"+host, host); now != before {
		u.srv.fire(ctx, "user-role-changed", "username", user, "host", host, "role", now, "previous_role", before)
	}
	return nil
}

// canHave refuses roles and users that are not there.
func (u luaUsers) canHave(ctx context.Context, user, host, role string) error {
	if role != "" && !permission.IsRole(role) {
		return fmt.Errorf("there is no role %q", role)
	}
	exists, err := members{sessions{u.srv.router}, u.srv.users}.Exists(ctx, user, host)
	if err == nil && !exists {
		err = account.ErrUnknown
	}
	return err
}

func (u luaUsers) SecondaryRoles(ctx context.Context, user, host string) ([]string, error) {
	return u.srv.roles.Secondary(ctx, user, host)
}

func (u luaUsers) SetSecondaryRole(ctx context.Context, user, host, role string, has bool) error {
	if err := u.canHave(ctx, user, host, role); err != nil {
		return err
	}
	return u.srv.roles.SetSecondary(ctx, user, host, role, has)
}

func (u luaUsers) UsersWithRole(ctx context.Context, host, role string) (map[string]string, error) {
	return u.srv.roles.Users(ctx, host, role)
}

func (u luaUsers) RoleNames(string) []string { return permission.Roles() }

func (u luaUsers) Permitted(host, role, action string) bool {
	return u.srv.grants.Permitted(host, role, action)
}
