// Package account manages the users of each host through providers of authentication, as Prosody's usermanager does: mod_auth_NAME offers
// a provider as the item "auth-provider", and the option "authentication" of the host chooses one.
//
// What a provider can do is found by type assertion, and what it cannot is ErrUnsupported. Here are the providers internal_hashed
// (accounts stored as SCRAM keys, in the format of Prosody's mod_auth_internal_hashed) and anonymous (RFC 4505, XEP-0175); others come
// from plugins.
package account

import (
	"context"
	"errors"
	"iter"
	"time"

	"quatrain/host/internal/sasl"
	"quatrain/sdk"
)

var (
	// ErrUnsupported tells that the host's provider cannot do it.
	ErrUnsupported = errors.New("not supported by the authentication provider")
	// ErrUnknown tells that there is no such account.
	ErrUnknown = errors.New("no such account")
	// ErrExists tells that there is one already.
	ErrExists = errors.New("the account exists")
	// ErrUsername tells that a name cannot be the localpart of an address (RFC 7622 §3.3).
	ErrUsername = errors.New("user name is not allowed")
	// ErrHost tells that a host is not ours or has no accounts.
	ErrHost = errors.New("the host has no accounts")
)

// Provider is where the accounts of a host are. Usernames given to it are prepared localparts. Safe for concurrent use.
type Provider interface {
	// Name is what the option "authentication" says.
	Name() string
	// SASL makes the handler for one attempt of a session that has not authenticated.
	SASL(ctx context.Context, s sdk.Session) (sasl.Handler, error)
}

// PasswordTester checks passwords; a user who does not exist has none.
type PasswordTester interface {
	TestPassword(ctx context.Context, username, password string) (bool, error)
}

// PasswordGetter knows passwords in the clear.
type PasswordGetter interface {
	Password(ctx context.Context, username string) (string, error)
}

// PasswordSetter changes the password of an existing account, else ErrUnknown.
type PasswordSetter interface {
	SetPassword(ctx context.Context, username, password string) error
}

// Lister knows all accounts.
type Lister interface {
	Users(ctx context.Context) iter.Seq2[string, error]
}

// Finder knows whether an account exists.
type Finder interface {
	UserExists(ctx context.Context, username string) (bool, error)
}

// Creator makes and removes accounts. Without a password ("") nobody can log in by one. Errors: ErrExists, ErrUnknown.
type Creator interface {
	CreateUser(ctx context.Context, username, password string) error
	DeleteUser(ctx context.Context, username string) error
}

// Switcher disables accounts without deleting them, and enables them again. Errors: ErrUnknown.
type Switcher interface {
	SetEnabled(ctx context.Context, username string, enabled bool) error
	IsEnabled(ctx context.Context, username string) (bool, error)
}

// Info is what is known of an account; times may be zero.
type Info struct {
	Created, PasswordUpdated time.Time
	Enabled                  bool
}

// Informer knows more of accounts. Errors: ErrUnknown.
type Informer interface {
	Info(ctx context.Context, username string) (Info, error)
}
