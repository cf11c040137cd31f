package account

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"

	"quatrain/host/internal/sasl"
	"quatrain/sdk"
)

// NewHashedPlugin is the plugin auth_internal_hashed. Options: password_hash ("SHA-1" or "SHA-256", what Prosody's fields hold; SHA-1),
// default_iteration_count (10000; at least 4096). Stores: accounts, auth_secret.
func NewHashedPlugin() sdk.Plugin { return hashedPlugin{} }

type hashedPlugin struct{}

func (hashedPlugin) Load(ctx context.Context, m sdk.Module) error {
	cfg := HashedConfig{}
	var err error
	if cfg.Hash, err = optionHash(m); err != nil {
		return err
	}
	if cfg.Iterations, err = optionIterations(m); err != nil {
		return err
	}
	if cfg.Store, err = open[sdk.KeyvalPlus](ctx, m, "accounts", sdk.KindKeyvalPlus); err != nil {
		return err
	}
	if cfg.Secret, err = secret(ctx, m); err != nil {
		return err
	}
	m.AddItem(ctx, ItemKey, NewHashed(cfg))
	return nil
}

func optionHash(m sdk.Module) (sasl.Hash, error) {
	switch v := m.Option("password_hash"); v {
	case nil, string(sasl.SHA1):
		return sasl.SHA1, nil
	case string(sasl.SHA256):
		return sasl.SHA256, nil
	default:
		return "", fmt.Errorf(`password_hash: want "SHA-1" or "SHA-256", got %v`, v)
	}
}

func optionIterations(m sdk.Module) (int, error) {
	v := m.Option("default_iteration_count")
	if v == nil {
		return DefaultIterations, nil
	}
	n, ok := v.(float64)
	if !ok || n != float64(int(n)) || n < MinIterations || n > maxIterations {
		return 0, fmt.Errorf("default_iteration_count: want a number from %d to %d, got %v", MinIterations, maxIterations, v)
	}
	return int(n), nil
}

func open[S any](ctx context.Context, m sdk.Module, name, kind string) (store S, err error) {
	v, err := m.OpenStore(ctx, name, kind)
	if err != nil {
		return store, fmt.Errorf("opening store %q: %w", name, err)
	}
	store, ok := v.(S)
	if !ok {
		return store, fmt.Errorf("opening store %q: %w: %s", name, sdk.ErrUnsupported, kind)
	}
	return store, nil
}

// secret is the host's, made when it is first needed.
func secret(ctx context.Context, m sdk.Module) ([]byte, error) {
	store, err := open[sdk.Keyval](ctx, m, "auth_secret", sdk.KindKeyval)
	if err != nil {
		return nil, err
	}
	v, err := store.Get(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("reading the host's secret: %w", err)
	}
	if r, ok := recordOf(v); ok {
		if s, err := hex.DecodeString(r.text("secret")); err == nil && len(s) > 0 {
			return s, nil
		}
	}
	s := make([]byte, 32)
	rand.Read(s)
	if err := store.Set(ctx, "", sdk.Data{"secret": hex.EncodeToString(s)}); err != nil {
		return nil, fmt.Errorf("storing the host's secret: %w", err)
	}
	return s, nil
}

// NewAnonymousPlugin is the plugin auth_anonymous. online may be nil: then nobody is known. Option: allow_anonymous_s2s (false): whether
// anonymous users may write to other servers.
func NewAnonymousPlugin(online Online) sdk.Plugin { return anonymousPlugin{online} }

type anonymousPlugin struct{ online Online }

func (p anonymousPlugin) Load(ctx context.Context, m sdk.Module) error {
	m.AddItem(ctx, ItemKey, NewAnonymous(m.Host(), p.online))
	if m.Option("allow_anonymous_s2s") != true {
		m.Hook("route/remote", 300, func(context.Context, *sdk.Event) (any, error) { return false, nil }) // before s2s
	}
	return nil
}
