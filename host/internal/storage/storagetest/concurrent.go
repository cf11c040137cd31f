package storagetest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// chains: a write on a chain returns before it is durable, but everybody sees it at once, and its ticket ends.
func chains(t *testing.T, d Driver) {
	s, log := openKV(t, d, "verona.lit", "s"), openArchive(t, d, "verona.lit", "log")
	chain := sdk.NewChain(t.Context())
	ok(t, s.SetKey(chain, "romeo", "a", 1.0))
	ok(t, s.SetKey(chain, "romeo", "b", 2.0))
	same(t, must[any](t)(s.Get(t.Context(), "romeo")), sdk.Data{"a": 1.0, "b": 2.0})
	same(t, users(t, s), []string{"romeo"})
	ok(t, second(log.Append(chain, "romeo", "id", stanza.Message("x"), at(1), "")))
	same(t, bodies(t, log, "romeo", sdk.ArchiveQuery{}), []string{"x"})
	if ticket := chain.Ticket(); ticket != nil {
		ok(t, ticket.Wait())
		ok(t, ticket.Wait())
	}
	ok(t, s.Set(chain, "romeo", nil))
	same(t, must[any](t)(s.Get(t.Context(), "romeo")), nil)
}

// concurrency: every writer reads what it wrote, with and without chains, while others write and list.
func concurrency(t *testing.T, d Driver) {
	s, log := openKV(t, d, "verona.lit", "s"), openArchive(t, d, "verona.lit", "log")
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() { writer(t, s, log, w) })
	}
	all.Wait()
	same(t, len(users(t, s)), 8)
	same(t, len(bodies(t, log, "shared", sdk.ArchiveQuery{})), 8*20)
	same(t, len(must[map[string]any](t)(s.GetKeyFromAll(t.Context(), "n"))), 8)
}

func writer(t *testing.T, s sdk.KeyvalPlus, log sdk.Archive, w int) {
	user := fmt.Sprint("user", w)
	for n := range 20 {
		var ctx context.Context = t.Context()
		if n%2 == 0 {
			ctx = sdk.NewChain(ctx)
		}
		if err := s.SetKeys(ctx, user, map[string]any{"n": n, "list": []any{n}}); err != nil {
			t.Error(err)
		}
		v, err := s.GetKey(ctx, user, "n")
		if err != nil || v != float64(n) {
			t.Errorf("wrote %d, read %v, %v", n, v, err)
		}
		id, err := log.Append(ctx, "shared", "", stanza.Message(user), at(n), user)
		if err == nil {
			_, err = log.Get(ctx, "shared", id)
		}
		if err != nil {
			t.Error(err)
		}
		for _, err := range s.Users(ctx) {
			if err != nil {
				t.Error(err)
			}
		}
	}
}
