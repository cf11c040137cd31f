package account

import (
	"context"
	"testing"
	"time"

	"quatrain/host/internal/sasl"
	"quatrain/sdk"
)

// TestAttempt: an account that is disabled while somebody logs in to it is.
func TestAttempt(t *testing.T) {
	tests := map[string]struct {
		meanwhile func(t *testing.T, p *Hashed, store sdk.KeyvalPlus, clock *time.Time)
		enabled   bool
	}{
		"nothing": {func(*testing.T, *Hashed, sdk.KeyvalPlus, *time.Time) {}, true},
		"disabled": {func(t *testing.T, p *Hashed, _ sdk.KeyvalPlus, _ *time.Time) {
			must(t, p.SetEnabled(context.Background(), "juliet", false))
		}, false},
		"deleted": {func(t *testing.T, p *Hashed, _ sdk.KeyvalPlus, _ *time.Time) {
			must(t, p.DeleteUser(context.Background(), "juliet"))
		}, false},
		"disabled by others, some time later": {func(t *testing.T, _ *Hashed, store sdk.KeyvalPlus, clock *time.Time) {
			must(t, store.Set(context.Background(), "juliet", sdk.Data{fieldDisabled: true}))
			*clock = clock.Add(fresh)
		}, false},
	}
	ways := map[string]func(ctx context.Context, a *attempt) (bool, error){
		"SCRAM": func(ctx context.Context, a *attempt) (bool, error) {
			_, ok, err := a.keys(ctx, sasl.SHA1, "juliet")
			return ok, err
		},
		"PLAIN": func(ctx context.Context, a *attempt) (bool, error) { return a.testPassword(ctx, "juliet", "wherefore") },
	}
	for name, tc := range tests {
		for way, check := range ways {
			t.Run(name+"/"+way, func(t *testing.T) {
				ctx, clock, store := context.Background(), time.Unix(1e9, 0), accounts(t)
				p := NewHashed(HashedConfig{Store: store, Iterations: MinIterations, Now: func() time.Time { return clock }})
				must(t, p.CreateUser(ctx, "juliet", "wherefore"))
				a := &attempt{p: p}
				if ok, err := check(ctx, a); !ok || err != nil {
					t.Fatalf("the password is right: %v, %v", ok, err)
				}
				tc.meanwhile(t, p, store, &clock)
				if got, err := a.isEnabled(ctx, "juliet"); got != tc.enabled || err != nil {
					t.Errorf("enabled: %v, %v", got, err)
				}
				if got, err := a.isEnabled(ctx, "romeo"); got || err != nil {
					t.Errorf("a user who does not exist is enabled: %v, %v", got, err)
				}
			})
		}
	}
}
