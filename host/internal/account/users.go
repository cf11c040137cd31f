package account

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"sync"

	"quatrain/host/internal/sasl"
	"quatrain/sdk"
	"quatrain/xmpp/jid"
)

// ItemKey is the key of the items that are providers.
const ItemKey = "auth-provider"

// Users are the accounts of all hosts. Usernames are prepared here; hosts are prepared domains. Safe for concurrent use.
//
// Events on the global bus: user-password-changed {username, host, resource}, user-deleted {username, host}, user-enabled and
// user-disabled {username, host}. They fire after the change; results are ignored.
type Users struct {
	cfg Config

	mu    sync.RWMutex // guards hosts; nothing is called under it
	hosts map[string]*hostUsers
}

// Config is what the accounts need of the server.
type Config struct {
	GlobalBus sdk.Bus
	Log       *slog.Logger
	// Purge removes all that the stores of a host hold of a user who has been deleted; may be nil.
	Purge func(ctx context.Context, username, host string) error
	// Adapt makes a provider of an item that is none, such as a script's; it returns nil if it cannot. May be nil.
	Adapt func(item any) Provider
}

// hostUsers are the accounts of one host.
type hostUsers struct {
	wanted   string // provider's name
	item     any
	provider Provider // nil until a plugin offers the wanted one
	unhook   []func()
}

// New has no hosts yet.
func New(cfg Config) *Users {
	return &Users{cfg: cfg, hosts: map[string]*hostUsers{}}
}

// AddHost lets a host have accounts: those of the provider of the name, as soon as a plugin of the host offers it.
func (u *Users) AddHost(host string, bus sdk.Bus, authentication string) {
	h := &hostUsers{wanted: authentication}
	u.mu.Lock()
	u.hosts[host] = h
	u.mu.Unlock()
	added := func(_ context.Context, ev *sdk.Event) (any, error) {
		u.offer(host, h, ev.Get("item"))
		return nil, nil
	}
	removed := func(_ context.Context, ev *sdk.Event) (any, error) {
		u.withdraw(h, ev.Get("item"))
		return nil, nil
	}
	h.unhook = append(h.unhook,
		bus.Add(sdk.Hook{Event: "item-added/" + ItemKey, Handler: added, Plugin: "account", OnError: sdk.Continue}),
		bus.Add(sdk.Hook{Event: "item-removed/" + ItemKey, Handler: removed, Plugin: "account", OnError: sdk.Continue}))
}

// RemoveHost forgets a host; its accounts stay where they are.
func (u *Users) RemoveHost(host string) {
	u.mu.Lock()
	h := u.hosts[host]
	delete(u.hosts, host)
	u.mu.Unlock()
	if h == nil {
		return
	}
	for _, unhook := range h.unhook {
		unhook()
	}
}

func (u *Users) offer(host string, h *hostUsers, item any) {
	p, ok := item.(Provider)
	if !ok && u.cfg.Adapt != nil {
		p = u.cfg.Adapt(item)
	}
	if p == nil || p.Name() != h.wanted {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	h.item, h.provider = item, p
	u.cfg.Log.Debug("accounts have a provider", "host", host, "provider", p.Name())
}

func (u *Users) withdraw(h *hostUsers, item any) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if h.item == item {
		h.item, h.provider = nil, nil
	}
}

// Provider is that of a host, nil if it has none (yet).
func (u *Users) Provider(host string) Provider {
	u.mu.RLock()
	defer u.mu.RUnlock()
	if h := u.hosts[host]; h != nil {
		return h.provider
	}
	return nil
}

// SASL makes the handler for one attempt of a session to log in to its host.
func (u *Users) SASL(ctx context.Context, s sdk.Session) (sasl.Handler, error) {
	p := u.Provider(s.Host())
	if p == nil {
		return nil, ErrHost
	}
	return p.SASL(ctx, s)
}

// TestPassword tells whether the password is the user's.
func (u *Users) TestPassword(ctx context.Context, username, host, password string) (bool, error) {
	p, name, err := find[PasswordTester](u, username, host)
	if err != nil {
		return false, err
	}
	return p.TestPassword(ctx, name, password)
}

// Password is the password in the clear, which few providers know.
func (u *Users) Password(ctx context.Context, username, host string) (string, error) {
	p, name, err := find[PasswordGetter](u, username, host)
	if err != nil {
		return "", err
	}
	return p.Password(ctx, name)
}

// SetPassword changes a password. resource is that of the session that asked for it, which may stay, or "".
func (u *Users) SetPassword(ctx context.Context, username, host, password, resource string) error {
	p, name, err := find[PasswordSetter](u, username, host)
	if err != nil {
		return err
	}
	if err := p.SetPassword(ctx, name, password); err != nil {
		return fmt.Errorf("changing the password of %q: %w", name, err)
	}
	ev := sdk.NewEvent("user-password-changed", "username", name, "host", host)
	if resource != "" {
		ev.Set("resource", resource)
	}
	u.fire(ctx, ev)
	return nil
}

// Exists tells whether there is an account.
func (u *Users) Exists(ctx context.Context, username, host string) (bool, error) {
	p, name, err := find[Finder](u, username, host)
	if err != nil {
		return false, err
	}
	return p.UserExists(ctx, name)
}

// Create makes an account; without a password ("") nobody can log in to it by one. Whoever lets users register fires user-registered.
func (u *Users) Create(ctx context.Context, username, host, password string) error {
	p, name, err := find[Creator](u, username, host)
	if err != nil {
		return err
	}
	if err := p.CreateUser(ctx, name, password); err != nil {
		return fmt.Errorf("creating account %q: %w", name, err)
	}
	return nil
}

// Delete removes an account and all that the stores hold of its user.
func (u *Users) Delete(ctx context.Context, username, host string) error {
	p, name, err := find[Creator](u, username, host)
	if err != nil {
		return err
	}
	if err := p.DeleteUser(ctx, name); err != nil {
		return fmt.Errorf("deleting account %q: %w", name, err)
	}
	u.fire(ctx, sdk.NewEvent("user-deleted", "username", name, "host", host))
	if u.cfg.Purge == nil {
		return nil
	}
	if err := u.cfg.Purge(ctx, name, host); err != nil {
		return fmt.Errorf("deleting what is stored of %q: %w", name, err)
	}
	return nil
}

// SetEnabled enables or disables an account.
func (u *Users) SetEnabled(ctx context.Context, username, host string, enabled bool) error {
	p, name, err := find[Switcher](u, username, host)
	if err != nil {
		return err
	}
	if err := p.SetEnabled(ctx, name, enabled); err != nil {
		return fmt.Errorf("switching account %q: %w", name, err)
	}
	event := "user-disabled"
	if enabled {
		event = "user-enabled"
	}
	u.fire(ctx, sdk.NewEvent(event, "username", name, "host", host))
	return nil
}

// IsEnabled tells whether the account exists and may be used.
func (u *Users) IsEnabled(ctx context.Context, username, host string) (bool, error) {
	p, name, err := find[Switcher](u, username, host)
	if errors.Is(err, ErrUnsupported) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return p.IsEnabled(ctx, name)
}

// Info is what the provider knows of an account; of one that has no more to say, whether it may be used.
func (u *Users) Info(ctx context.Context, username, host string) (info Info, err error) {
	p, name, err := find[Informer](u, username, host)
	if err == nil {
		return p.Info(ctx, name)
	}
	if !errors.Is(err, ErrUnsupported) {
		return info, err
	}
	exists, err := u.Exists(ctx, username, host)
	if err == nil && !exists {
		return info, ErrUnknown
	}
	if err == nil {
		info.Enabled, err = u.IsEnabled(ctx, username, host)
	}
	return info, err
}

// Item is what the plugin added as the host's provider, nil if there is none.
func (u *Users) Item(host string) any {
	u.mu.RLock()
	defer u.mu.RUnlock()
	if h := u.hosts[host]; h != nil {
		return h.item
	}
	return nil
}

// All lists the accounts of a host in no particular order.
func (u *Users) All(ctx context.Context, host string) iter.Seq2[string, error] {
	p, ok := u.Provider(host).(Lister)
	if !ok {
		return func(yield func(string, error) bool) { yield("", ErrUnsupported) }
	}
	return p.Users(ctx)
}

func (u *Users) fire(ctx context.Context, ev *sdk.Event) {
	if u.cfg.GlobalBus.Has(ev.Name) {
		u.cfg.GlobalBus.Fire(sdk.WithChain(ctx), ev) // the bus logs failures; the change is done
	}
}

// find prepares the name and looks for a provider with an ability.
func find[A any](u *Users, username, host string) (a A, name string, err error) {
	p := u.Provider(host)
	if p == nil {
		return a, "", fmt.Errorf("%w: %q", ErrHost, host)
	}
	a, ok := p.(A)
	if !ok {
		return a, "", ErrUnsupported
	}
	name, ok = jid.Nodeprep(username, true)
	if !ok || name == "" {
		return a, "", fmt.Errorf("%w: %q", ErrUsername, username)
	}
	return a, name, nil
}
