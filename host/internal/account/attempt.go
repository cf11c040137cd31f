package account

import (
	"context"
	"time"

	"quatrain/host/internal/sasl"
)

// fresh is how long what an attempt has read of the account may be relied on.
const fresh = time.Second

// attempt is a login to an account, which is read once for it: whether it is disabled was in what was read to check the password, unless
// that is some time ago or an account has been changed since.
type attempt struct {
	p       *Hashed
	user    string // "" before the account has been read
	enabled bool
	changes uint64 // of accounts, before
	read    time.Time
}

// remember is called with the number of changes before the account was read.
func (a *attempt) remember(changes uint64, user string, r record, ok bool) {
	a.user, a.enabled, a.changes, a.read = user, ok && !r.disabled(), changes, a.p.now()
}

func (a *attempt) testPassword(ctx context.Context, user, password string) (bool, error) {
	changes := a.p.changes.Load()
	r, ok, err := a.p.get(ctx, user)
	if err != nil {
		return false, err
	}
	a.remember(changes, user, r, ok)
	return a.p.testRecord(ctx, user, password, r, ok)
}

func (a *attempt) keys(ctx context.Context, h sasl.Hash, user string) (sasl.Keys, bool, error) {
	changes := a.p.changes.Load()
	r, ok, err := a.p.get(ctx, user)
	if err != nil || !ok {
		return sasl.Keys{}, false, err
	}
	a.remember(changes, user, r, ok)
	return a.p.keysOf(ctx, h, user, r)
}

func (a *attempt) isEnabled(ctx context.Context, user string) (bool, error) {
	if a.user == user && a.changes == a.p.changes.Load() && a.p.now().Sub(a.read) < fresh {
		return a.enabled, nil
	}
	return a.p.IsEnabled(ctx, user)
}
