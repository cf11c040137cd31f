package permission_test

import (
	"context"
	"slices"
	"testing"

	"quatrain/host/internal/permission"
	"quatrain/host/internal/storage/memory"
	"quatrain/sdk"
)

func openMemory(d *memory.Driver) func(context.Context, string, string) (sdk.KeyvalPlus, error) {
	return func(ctx context.Context, host, store string) (sdk.KeyvalPlus, error) {
		s, err := d.Open(ctx, host, store, sdk.KindKeyvalPlus)
		if err != nil {
			return nil, err
		}
		return s.(sdk.KeyvalPlus), nil
	}
}

// What was given is there for who opens the stores next.
func TestStoredRoles(t *testing.T) {
	ctx, open := t.Context(), openMemory(memory.New(nil))
	s := permission.NewStored(open)
	for _, err := range []error{
		s.Set(ctx, "juliet", "a.example", permission.Admin), s.Set(ctx, "romeo", "a.example", permission.Member),
		s.SetSecondary(ctx, "romeo", "a.example", permission.Admin, true), s.SetSecondary(ctx, "romeo", "a.example", permission.Guest, true),
		s.SetSecondary(ctx, "romeo", "a.example", permission.Guest, false), s.Set(ctx, "nurse", "a.example", permission.Member),
		s.Set(ctx, "nurse", "a.example", ""),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, roles := range map[string]*permission.Stored{"same": s, "again": permission.NewStored(open)} {
		for user, want := range map[string]string{"juliet": permission.Admin, "romeo": permission.Member, "nurse": ""} {
			if got, err := roles.Role(ctx, user, "a.example"); got != want || err != nil {
				t.Errorf("%s: %s: %q, %v", name, user, got, err)
			}
		}
		if got, err := roles.Secondary(ctx, "romeo", "a.example"); !slices.Equal(got, []string{permission.Admin}) || err != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		if got, err := roles.Users(ctx, "a.example", permission.Admin); len(got) != 1 || got["juliet"] == "" || err != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	gone, err := open(ctx, "a.example", "account_roles")
	if err != nil {
		t.Fatal(err)
	}
	if err := gone.Set(ctx, "juliet", nil); err != nil {
		t.Fatal(err)
	}
	s.Forget("juliet", "a.example")
	if got, err := s.Role(ctx, "juliet", "a.example"); got != "" || err != nil {
		t.Error(got, err)
	}
}

// Roles that Prosody 0.12 stored are those of their users.
func TestOldRoles(t *testing.T) {
	open := openMemory(memory.New(nil))
	old, err := open(t.Context(), "a.example", "roles")
	if err != nil {
		t.Fatal(err)
	}
	if err := old.Set(t.Context(), "juliet", sdk.Data{permission.Admin: true, permission.Registered: true, "poet": true}); err != nil {
		t.Fatal(err)
	}
	s := permission.NewStored(open)
	if got, err := s.Role(t.Context(), "juliet", "a.example"); got != permission.Admin || err != nil {
		t.Error(got, err)
	}
}
