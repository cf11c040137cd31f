package host

import (
	"context"
	"iter"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
)

// Accounts are the users of a server's hosts. Addresses given to it are bare. Safe for concurrent use.
type Accounts struct {
	srv *Server
}

// Accounts of a server that has started.
func (srv *Server) Accounts() *Accounts { return &Accounts{srv} }

// OpenAccounts gives access to the accounts without a server: of the plugins, only those that authenticate are loaded. A server with the
// same data may run meanwhile. Close ends the access.
func OpenAccounts(ctx context.Context, o Options) (*Accounts, error) {
	srv, err := New(o)
	if err != nil {
		return nil, err
	}
	for _, h := range srv.cfg.Load().Hosts() {
		if h.Enabled && h.Type == sdk.HostLocal {
			srv.addHost(sdk.WithChain(ctx), h) // logged by the manager; the accounts of this host are then unavailable
		}
	}
	return srv.Accounts(), nil
}

// Hosts are the domains that may have accounts, as configured.
func (a *Accounts) Hosts() (names []string) {
	for _, h := range a.srv.cfg.Load().Hosts() {
		if h.Enabled && h.Type == sdk.HostLocal {
			names = append(names, h.Name)
		}
	}
	return names
}

// Create makes an account; it fails if there is one already.
func (a *Accounts) Create(ctx context.Context, account jid.JID, password string) error {
	return a.srv.users.Create(ctx, account.Local(), account.Domain(), password)
}

// SetPassword changes the password of an existing account.
func (a *Accounts) SetPassword(ctx context.Context, account jid.JID, password string) error {
	return a.srv.users.SetPassword(ctx, account.Local(), account.Domain(), password, "")
}

// Delete removes an account and all that is stored of it.
func (a *Accounts) Delete(ctx context.Context, account jid.JID) error {
	return a.srv.users.Delete(ctx, account.Local(), account.Domain())
}

// All are the usernames of a host, in no particular order.
func (a *Accounts) All(ctx context.Context, host string) iter.Seq2[string, error] {
	return a.srv.users.All(ctx, host)
}

// Close ends what OpenAccounts began.
func (a *Accounts) Close(ctx context.Context) error { return a.srv.Stop(ctx, "accounts closed") }
