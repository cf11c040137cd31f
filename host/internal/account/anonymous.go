package account

import (
	"context"
	"iter"

	"github.com/google/uuid"

	"quatrain/host/internal/sasl"
	"quatrain/sdk"
)

// Anonymous is the provider of hosts where everybody is let in under a name made up for the session (XEP-0175).
type Anonymous struct {
	online func() iter.Seq[string] // usernames that have sessions; may be nil
}

// NewAnonymous makes the provider. online lists the usernames that have sessions now; it may be nil.
func NewAnonymous(online func() iter.Seq[string]) *Anonymous { return &Anonymous{online} }

func (*Anonymous) Name() string { return "anonymous" }

func (*Anonymous) SASL(_ context.Context, s sdk.Session) (sasl.Handler, error) {
	return sasl.New(s.Host(), &sasl.Profile{
		Anonymous: func(context.Context) (string, error) { return uuid.NewString(), nil },
	}), nil
}

// Users are those that have sessions.
func (a *Anonymous) Users(context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if a.online == nil {
			return
		}
		for user := range a.online() {
			if !yield(user, nil) {
				return
			}
		}
	}
}

// UserExists is whether the user has a session.
func (a *Anonymous) UserExists(_ context.Context, username string) (bool, error) {
	if a.online == nil {
		return false, nil
	}
	for user := range a.online() {
		if user == username {
			return true, nil
		}
	}
	return false, nil
}

var (
	_ Provider = (*Anonymous)(nil)
	_ Lister   = (*Anonymous)(nil)
	_ Finder   = (*Anonymous)(nil)
)
