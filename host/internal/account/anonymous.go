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
	host   string
	online Online // may be nil
}

// Online knows who has sessions.
type Online interface {
	// OnlineUsers lists the usernames of a host.
	OnlineUsers(host string) []string
	// IsOnline tells of one.
	IsOnline(username, host string) bool
}

// NewAnonymous makes the provider of a host. online may be nil: then no user is known.
func NewAnonymous(host string, online Online) *Anonymous { return &Anonymous{host, online} }

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
		for _, user := range a.online.OnlineUsers(a.host) {
			if !yield(user, nil) {
				return
			}
		}
	}
}

// UserExists is whether the user has a session.
func (a *Anonymous) UserExists(_ context.Context, username string) (bool, error) {
	return a.online != nil && a.online.IsOnline(username, a.host), nil
}

var (
	_ Provider = (*Anonymous)(nil)
	_ Lister   = (*Anonymous)(nil)
	_ Finder   = (*Anonymous)(nil)
)
