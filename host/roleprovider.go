package host

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"quatrain/host/internal/permission"
	"quatrain/sdk"
)

// useRoles lets a module say who has which role on a host, if the option authorization names one ("internal": the server itself). If it cannot be
// loaded, nobody has been given any.
func (srv *Server) useRoles(ctx context.Context, host string) {
	name := srv.cfg.Load().Reader(host).String("authorization")
	if name == "internal" {
		return
	}
	i, err := srv.plugins.Load(ctx, host, "authz_"+name)
	if err != nil {
		srv.roles.Use(host, noRoles{})
		return // the manager has logged it
	}
	e, ok := i.Plugin.(sdk.Exporter)
	if !ok {
		srv.log.Error("a module that says who has which role exports no functions", "host", host, "plugin", i.Name)
		srv.roles.Use(host, noRoles{})
		return
	}
	srv.roles.Use(host, moduleRoles{e})
}

// noRoles gives nobody a role.
type noRoles struct{}

var errNoRoles = errors.New("roles cannot be given: the module of the option authorization is not there")

func (noRoles) Role(context.Context, string) (string, error)        { return "", nil }
func (noRoles) SetRole(context.Context, string, string) error       { return errNoRoles }
func (noRoles) Users(context.Context, string) (n []string, e error) { return nil, nil }

// moduleRoles are those of a module: its functions get_user_role and set_user_role, or, as in Prosody 0.12, get_user_roles and set_user_roles with sets
// of roles; and get_users_with_role.
type moduleRoles struct{ e sdk.Exporter }

// call calls the first of the functions that the module has; which is its place.
func (m moduleRoles) call(ctx context.Context, names []string, args ...[]any) (which int, results []any, err error) {
	for i, name := range names {
		v, err := m.e.Export(ctx, name)
		if err != nil {
			return i, nil, err
		}
		if f, ok := v.(sdk.Function); ok {
			results, err := f.Call(ctx, args[i]...)
			return i, results, err
		}
	}
	return 0, nil, fmt.Errorf("the module of the option authorization has no function %s", names[0])
}

func (m moduleRoles) Role(ctx context.Context, user string) (string, error) {
	which, results, err := m.call(ctx, []string{"get_user_role", "get_user_roles"}, []any{user}, []any{user})
	if err != nil || len(results) == 0 || results[0] == nil {
		return "", err
	}
	if name, ok := results[0].(string); ok {
		return name, nil
	}
	table, ok := results[0].(sdk.KeyedObject)
	if !ok {
		return "", nil
	}
	if which == 0 {
		name, err := table.GetKey(ctx, "name")
		text, _ := name.(string)
		return text, err
	}
	for _, role := range slices.Backward(permission.Roles()) {
		if has, err := table.GetKey(ctx, role); err != nil || has == true {
			return role, err
		}
	}
	return "", nil
}

func (m moduleRoles) SetRole(ctx context.Context, user, role string) error {
	roles := map[string]any{}
	if role != "" {
		roles[role] = true
	}
	_, results, err := m.call(ctx, []string{"set_user_role", "set_user_roles"}, []any{user, role}, []any{user, roles})
	if err == nil && len(results) > 1 && (results[0] == nil || results[0] == false) {
		err = fmt.Errorf("the role has not been given: %v", results[1])
	}
	return err
}

func (m moduleRoles) Users(ctx context.Context, role string) (users []string, err error) {
	_, results, err := m.call(ctx, []string{"get_users_with_role"}, []any{role})
	if err != nil || len(results) == 0 {
		return nil, err
	}
	if list, ok := results[0].(sdk.Ranger); ok {
		err = list.Range(ctx, func(_, v any) bool {
			if user, ok := v.(string); ok {
				users = append(users, user)
			}
			return true
		})
	}
	return users, err
}
