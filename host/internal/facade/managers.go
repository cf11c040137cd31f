package facade

import (
	"context"
	"errors"
	"time"

	"quatrain/host/internal/luabridge"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

func sessionFunctions(srv luabridge.Server) map[string]function {
	all := func(found []sdk.Session) []any {
		sessions := make([]any, len(found))
		for i, s := range found {
			sessions[i] = s
		}
		return sessions
	}
	return map[string]function{
		"session": func(_ context.Context, a arguments) (any, error) { return orNil(srv.Session(a.text(0))), nil },
		"sessions": func(context.Context, arguments) (any, error) {
			sessions := []any{}
			for s := range srv.Sessions() {
				sessions = append(sessions, s)
			}
			return sessions, nil
		},
		"user_sessions": func(_ context.Context, a arguments) (any, error) { return all(srv.UserSessions(a.text(0))), nil },
		"top_sessions":  func(_ context.Context, a arguments) (any, error) { return all(srv.TopSessions(a.text(0))), nil },
		"online_users":  func(_ context.Context, a arguments) (any, error) { return list(srv.OnlineUsers(a.text(0))), nil },
		"bind": func(ctx context.Context, a arguments) (any, error) {
			return nil, srv.Bind(ctx, a.session(0), a.text(1))
		},
		"authenticated": func(ctx context.Context, a arguments) (any, error) {
			return nil, srv.Authenticated(ctx, a.session(0), a.text(1), a.text(2))
		},
		"destroy_session": func(ctx context.Context, a arguments) (any, error) {
			return nil, srv.DestroySession(ctx, a.session(0), a.text(1))
		},
	}
}

func stanzaFunctions(srv luabridge.Server) map[string]function {
	step := func(f func(context.Context, sdk.Session, *stanza.Element) error) function {
		return func(ctx context.Context, a arguments) (any, error) {
			st, err := a.stanza(1)
			if err != nil {
				return nil, err
			}
			return nil, f(ctx, a.session(0), st)
		}
	}
	return map[string]function{"process": step(srv.Process), "post": step(srv.Post), "submit": step(srv.Submit), "route": step(srv.Route)}
}

var errNotLoaded = errors.New("the plugin is not loaded there")

func pluginFunctions(srv luabridge.Server) map[string]function {
	return map[string]function{
		"plugin_loaded":  func(_ context.Context, a arguments) (any, error) { return srv.Plugin(a.text(0), a.text(1)) != nil, nil },
		"resolve_plugin": func(_ context.Context, a arguments) (any, error) { return srv.ResolvePlugin(a.text(0), a.text(1)), nil },
		"plugin_export": func(ctx context.Context, a arguments) (any, error) {
			p := srv.Plugin(a.text(0), a.text(1))
			if p == nil {
				return nil, errNotLoaded
			}
			if e, ok := p.(sdk.Exporter); ok {
				return e.Export(ctx, a.text(2))
			}
			return nil, nil
		},
		"plugin_names": func(_ context.Context, a arguments) (any, error) { return list(srv.PluginNames(a.text(0))), nil },
		"load_plugin": func(ctx context.Context, a arguments) (any, error) {
			_, err := srv.LoadPlugin(ctx, a.text(0), a.text(1))
			return nil, err
		},
		"unload_plugin": func(ctx context.Context, a arguments) (any, error) {
			return nil, srv.UnloadPlugin(ctx, a.text(0), a.text(1))
		},
		"reload_plugin": func(ctx context.Context, a arguments) (any, error) {
			return nil, srv.ReloadPlugin(ctx, a.text(0), a.text(1))
		},
		"modules_enabled": func(_ context.Context, a arguments) (any, error) { return list(srv.ModulesEnabled(a.text(0))), nil },
	}
}

func userFunctions(u luabridge.Users) map[string]function {
	return map[string]function{
		"user_exists": func(ctx context.Context, a arguments) (any, error) { return u.Exists(ctx, a.text(0), a.text(1)) },
		"test_password": func(ctx context.Context, a arguments) (any, error) {
			return u.TestPassword(ctx, a.text(0), a.text(1), a.text(2))
		},
		"set_password": func(ctx context.Context, a arguments) (any, error) {
			return nil, u.SetPassword(ctx, a.text(0), a.text(1), a.text(2), a.text(3))
		},
		"create_user": func(ctx context.Context, a arguments) (any, error) {
			return nil, u.Create(ctx, a.text(0), a.text(1), a.text(2))
		},
		"delete_user":  func(ctx context.Context, a arguments) (any, error) { return nil, u.Delete(ctx, a.text(0), a.text(1)) },
		"user_enabled": func(ctx context.Context, a arguments) (any, error) { return u.Enabled(ctx, a.text(0), a.text(1)) },
		"set_user_enabled": func(ctx context.Context, a arguments) (any, error) {
			return nil, u.SetEnabled(ctx, a.text(0), a.text(1), a.at(2) == true)
		},
		"users": func(ctx context.Context, a arguments) (any, error) {
			names := []any{}
			for name, err := range u.All(ctx, a.text(0)) {
				if err != nil {
					return nil, err
				}
				names = append(names, name)
			}
			return names, nil
		},
		"password": func(ctx context.Context, a arguments) (any, error) { return u.Password(ctx, a.text(0), a.text(1)) },
		"account_info": func(ctx context.Context, a arguments) (any, error) {
			info, err := u.Info(ctx, a.text(0), a.text(1))
			return []any{unixOrNil(info.Created), unixOrNil(info.PasswordUpdated), info.Enabled}, err
		},
	}
}

// unixOrNil is a time in seconds, nil for none.
func unixOrNil(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return float64(t.Unix())
}

func roleFunctions(r luabridge.Roles) map[string]function {
	return map[string]function{
		"role": func(ctx context.Context, a arguments) (any, error) { return r.Role(ctx, a.text(0), a.text(1)), nil },
		"set_role": func(ctx context.Context, a arguments) (any, error) {
			return nil, r.SetRole(ctx, a.text(0), a.text(1), a.text(2))
		},
		"secondary_roles": func(ctx context.Context, a arguments) (any, error) {
			roles, err := r.SecondaryRoles(ctx, a.text(0), a.text(1))
			return list(roles), err
		},
		"set_secondary_role": func(ctx context.Context, a arguments) (any, error) {
			return nil, r.SetSecondaryRole(ctx, a.text(0), a.text(1), a.text(2), a.at(3) == true)
		},
		"users_with_role": func(ctx context.Context, a arguments) (any, error) {
			users, err := r.UsersWithRole(ctx, a.text(0), a.text(1))
			all := map[string]any{}
			for user, role := range users {
				all[user] = role
			}
			return all, err
		},
		"role_names": func(_ context.Context, a arguments) (any, error) { return list(r.RoleNames(a.text(0))), nil },
		"permitted": func(_ context.Context, a arguments) (any, error) {
			return r.Permitted(a.text(0), a.text(1), a.text(2)), nil
		},
	}
}

func rosterFunctions(r luabridge.Rosters) map[string]function {
	return map[string]function{
		"roster": func(ctx context.Context, a arguments) (any, error) {
			found, err := r.Load(ctx, a.text(0), a.text(1))
			if err != nil {
				return nil, err
			}
			items := []any{}
			for _, item := range found.Items() {
				items = append(items, itemValue(item))
			}
			return map[string]any{"version": found.Version(), "items": items, "pending": list(found.Pending())}, nil
		},
		"update_roster": func(ctx context.Context, a arguments) (any, error) {
			return nil, r.Update(ctx, a.text(0), a.text(1), a.text(2), itemOf(a.at(3)))
		},
		"push_roster": func(ctx context.Context, a arguments) (any, error) {
			return nil, r.Push(ctx, a.text(0), a.text(1), a.text(2))
		},
		"roster_transition": func(ctx context.Context, a arguments) (any, error) {
			st, _ := a.at(4).(*stanza.Element)
			return r.Transition(ctx, a.text(0), a.text(1), a.text(2), a.text(3), st)
		},
		"roster_pending": func(ctx context.Context, a arguments) (any, error) {
			in, out, err := r.Pending(ctx, a.text(0), a.text(1), a.text(2))
			return []any{in, out}, err
		},
	}
}

// itemValue and itemOf are a roster item on its way; nil is none.
func itemValue(i sdk.RosterItem) any {
	return map[string]any{
		"jid": i.JID, "name": i.Name, "subscription": i.Subscription, "ask": i.Ask, "groups": list(i.Groups), "approved": i.Approved, "virtual": i.Virtual,
	}
}

func itemOf(v any) *sdk.RosterItem {
	m, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	text := func(name string) string {
		s, _ := m[name].(string)
		return s
	}
	return &sdk.RosterItem{
		JID: text("jid"), Name: text("name"), Subscription: text("subscription"), Ask: m["ask"] == true, Groups: texts(m["groups"]), Approved: m["approved"] == true, Virtual: m["virtual"] == true,
	}
}

func texts(v any) []string {
	var all []string
	values, _ := v.([]any)
	for _, x := range values {
		if s, ok := x.(string); ok {
			all = append(all, s)
		}
	}
	return all
}
