package facade

import (
	"context"
	"errors"
	"iter"
	"time"

	"quatrain/host/internal/luabridge"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// remoteUsers is the server's user manager.
type remoteUsers struct{ w *World }

// errNoSASL is what a module in a process of its own is told.
var errNoSASL = errors.New("SASL handlers are not to be had in a process of its own")

func (u remoteUsers) SASL(context.Context, string, sdk.Session) (luabridge.SASL, error) {
	return nil, errNoSASL
}

func (u remoteUsers) Exists(ctx context.Context, user, host string) (bool, error) {
	return u.w.yes(ctx, "user_exists", user, host)
}

func (u remoteUsers) TestPassword(ctx context.Context, user, host, password string) (bool, error) {
	return u.w.yes(ctx, "test_password", user, host, password)
}

func (u remoteUsers) SetPassword(ctx context.Context, user, host, password, resource string) error {
	return u.w.do(ctx, "set_password", user, host, password, resource)
}

func (u remoteUsers) Create(ctx context.Context, user, host, password string) error {
	return u.w.do(ctx, "create_user", user, host, password)
}

func (u remoteUsers) Delete(ctx context.Context, user, host string) error {
	return u.w.do(ctx, "delete_user", user, host)
}

func (u remoteUsers) Enabled(ctx context.Context, user, host string) (bool, error) {
	return u.w.yes(ctx, "user_enabled", user, host)
}

func (u remoteUsers) SetEnabled(ctx context.Context, user, host string, enabled bool) error {
	return u.w.do(ctx, "set_user_enabled", user, host, enabled)
}

func (u remoteUsers) All(ctx context.Context, host string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		names, err := u.w.call(ctx, "users", host)
		if err != nil {
			yield("", err)
			return
		}
		for _, name := range texts(names) {
			if !yield(name, nil) {
				return
			}
		}
	}
}

func (u remoteUsers) Password(ctx context.Context, user, host string) (string, error) {
	v, err := u.w.call(ctx, "password", user, host)
	password, _ := v.(string)
	return password, err
}

func (u remoteUsers) Info(ctx context.Context, user, host string) (info luabridge.AccountInfo, err error) {
	v, err := u.w.call(ctx, "account_info", user, host)
	values, _ := v.([]any)
	if err != nil || len(values) != 3 {
		return info, err
	}
	at := func(v any) (when time.Time) {
		if s, ok := v.(float64); ok {
			when = time.Unix(int64(s), 0)
		}
		return when
	}
	return luabridge.AccountInfo{Created: at(values[0]), PasswordUpdated: at(values[1]), Enabled: values[2] == true}, nil
}

// Provider is out of reach.
func (u remoteUsers) Provider(string) any { return nil }

func (u remoteUsers) Role(ctx context.Context, jid, host string) string {
	v, _ := u.w.call(ctx, "role", jid, host)
	role, _ := v.(string)
	return role
}

func (u remoteUsers) SetRole(ctx context.Context, user, host, role string) error {
	return u.w.do(ctx, "set_role", user, host, role)
}

func (u remoteUsers) SecondaryRoles(ctx context.Context, user, host string) ([]string, error) {
	v, err := u.w.call(ctx, "secondary_roles", user, host)
	return texts(v), err
}

func (u remoteUsers) SetSecondaryRole(ctx context.Context, user, host, role string, has bool) error {
	return u.w.do(ctx, "set_secondary_role", user, host, role, has)
}

func (u remoteUsers) UsersWithRole(ctx context.Context, host, role string) (map[string]string, error) {
	v, err := u.w.call(ctx, "users_with_role", host, role)
	users := map[string]string{}
	m, _ := v.(map[string]any)
	for user, role := range m {
		users[user], _ = role.(string)
	}
	return users, err
}

func (u remoteUsers) RoleNames(host string) []string { return texts(u.w.ask("role_names", host)) }

func (u remoteUsers) Permitted(host, role, action string) bool {
	return u.w.ask("permitted", host, role, action) == true
}

// remoteRosters is the server's roster manager.
type remoteRosters struct{ w *World }

func (r remoteRosters) Load(ctx context.Context, user, host string) (sdk.Roster, error) {
	v, err := r.w.call(ctx, "roster", user, host)
	if err != nil {
		return nil, err
	}
	m, _ := v.(map[string]any)
	found := &snapshot{pending: texts(m["pending"])}
	found.version, _ = m["version"].(string)
	items, _ := m["items"].([]any)
	for _, item := range items {
		if i := itemOf(item); i != nil {
			found.items = append(found.items, *i)
		}
	}
	return found, nil
}

func (r remoteRosters) Update(ctx context.Context, user, host, contact string, item *sdk.RosterItem) error {
	if item == nil {
		return r.w.do(ctx, "update_roster", user, host, contact, nil)
	}
	return r.w.do(ctx, "update_roster", user, host, contact, itemValue(*item))
}

func (r remoteRosters) Push(ctx context.Context, user, host, contact string) error {
	return r.w.do(ctx, "push_roster", user, host, contact)
}

func (r remoteRosters) Transition(ctx context.Context, name, user, host, contact string, st *stanza.Element) (bool, error) {
	var about any
	if st != nil {
		about = st
	}
	return r.w.yes(ctx, "roster_transition", name, user, host, contact, about)
}

func (r remoteRosters) Pending(ctx context.Context, user, host, contact string) (in, out bool, err error) {
	v, err := r.w.call(ctx, "roster_pending", user, host, contact)
	both, _ := v.([]any)
	if err != nil || len(both) != 2 {
		return false, false, err
	}
	return both[0] == true, both[1] == true, nil
}

// snapshot is a roster as it was when it was asked for.
type snapshot struct {
	version string
	items   []sdk.RosterItem
	pending []string
}

func (s *snapshot) Version() string         { return s.version }
func (s *snapshot) Items() []sdk.RosterItem { return s.items }
func (s *snapshot) Pending() []string       { return s.pending }

func (s *snapshot) Item(jid string) (sdk.RosterItem, bool) {
	for _, item := range s.items {
		if item.JID == jid {
			return item, true
		}
	}
	return sdk.RosterItem{}, false
}

var _ sdk.Roster = (*snapshot)(nil)
