package host

import (
	"context"
	"errors"
	"iter"
	"time"

	"quatrain/host/internal/account"
	"quatrain/host/internal/luabridge"
	"quatrain/host/internal/sasl"
	"quatrain/sdk"
)

// scriptProvider makes a provider of accounts of what a Lua module provides; nil if the item is something else.
func (srv *Server) scriptProvider(item any) account.Provider {
	if p := srv.bridge.AuthProvider(item); p != nil {
		return scriptAccounts{p}
	}
	return nil
}

// scriptAccounts are accounts in the hands of a Lua module. What it has no function for is not supported.
type scriptAccounts struct{ p *luabridge.AuthProvider }

func (a scriptAccounts) Name() string { return a.p.Name() }

func (a scriptAccounts) SASL(ctx context.Context, s sdk.Session) (sasl.Handler, error) {
	h, err := a.p.SASL(ctx, s)
	if err != nil {
		return nil, err
	}
	return h, nil
}

// ask calls a function that answers yes or no.
func (a scriptAccounts) ask(ctx context.Context, function string, args ...any) (bool, error) {
	result, ok, err := a.p.Call(ctx, function, args...)
	if !ok {
		return false, account.ErrUnsupported
	}
	return result != nil && result != false, err
}

// do calls a function that either does something or says why not.
func (a scriptAccounts) do(ctx context.Context, function string, args ...any) error {
	_, ok, err := a.p.Call(ctx, function, args...)
	if !ok {
		return account.ErrUnsupported
	}
	return err
}

// TestPassword takes nil and a reason, which is how modules refuse, for no.
func (a scriptAccounts) TestPassword(ctx context.Context, username, password string) (bool, error) {
	result, ok, err := a.p.Call(ctx, "test_password", username, password)
	if !ok {
		return false, account.ErrUnsupported
	}
	if luabridge.IsRefusal(err) {
		return false, nil
	}
	return result != nil && result != false, err
}

func (a scriptAccounts) UserExists(ctx context.Context, username string) (bool, error) {
	yes, err := a.ask(ctx, "user_exists", username)
	if luabridge.IsRefusal(err) {
		return false, nil
	}
	return yes, err
}

func (a scriptAccounts) Password(ctx context.Context, username string) (string, error) {
	result, ok, err := a.p.Call(ctx, "get_password", username)
	if !ok {
		return "", account.ErrUnsupported
	}
	password, _ := result.(string)
	return password, err
}

// Info asks get_account_info for a table {created, password_updated, enabled}.
func (a scriptAccounts) Info(ctx context.Context, username string) (info account.Info, err error) {
	if exists, err := a.UserExists(ctx, username); err != nil || !exists {
		return info, errors.Join(account.ErrUnknown, err)
	}
	if info.Enabled, err = a.IsEnabled(ctx, username); err != nil {
		return info, err
	}
	result, _, err := a.p.Call(ctx, "get_account_info", username)
	table, ok := result.(sdk.KeyedObject)
	if !ok {
		return info, err
	}
	at := func(name string) (when time.Time) {
		if seconds, err := table.GetKey(ctx, name); err == nil {
			if n, ok := seconds.(float64); ok {
				when = time.Unix(int64(n), 0)
			}
		}
		return when
	}
	info.Created, info.PasswordUpdated = at("created"), at("password_updated")
	return info, nil
}

func (a scriptAccounts) SetPassword(ctx context.Context, username, password string) error {
	return a.do(ctx, "set_password", username, password)
}

func (a scriptAccounts) CreateUser(ctx context.Context, username, password string) error {
	return a.do(ctx, "create_user", username, password)
}

func (a scriptAccounts) DeleteUser(ctx context.Context, username string) error {
	return a.do(ctx, "delete_user", username)
}

func (a scriptAccounts) SetEnabled(ctx context.Context, username string, enabled bool) error {
	if enabled {
		return a.do(ctx, "enable", username)
	}
	return a.do(ctx, "disable", username)
}

// IsEnabled is true where the module does not know of disabled accounts.
func (a scriptAccounts) IsEnabled(ctx context.Context, username string) (bool, error) {
	enabled, err := a.ask(ctx, "is_enabled", username)
	if errors.Is(err, account.ErrUnsupported) {
		return true, nil
	}
	return enabled, err
}

func (a scriptAccounts) Users(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		names, ok, err := a.p.Users(ctx)
		if !ok {
			err = account.ErrUnsupported
		}
		if err != nil {
			yield("", err)
			return
		}
		for _, name := range names {
			if !yield(name, nil) {
				return
			}
		}
	}
}

var (
	_ account.Provider       = scriptAccounts{}
	_ account.PasswordTester = scriptAccounts{}
	_ account.PasswordGetter = scriptAccounts{}
	_ account.Informer       = scriptAccounts{}
	_ account.PasswordSetter = scriptAccounts{}
	_ account.Finder         = scriptAccounts{}
	_ account.Creator        = scriptAccounts{}
	_ account.Switcher       = scriptAccounts{}
	_ account.Lister         = scriptAccounts{}
)
