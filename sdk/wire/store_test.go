package wire_test

import (
	"context"
	"reflect"
	"testing"

	"quatrain/sdk"
	"quatrain/sdk/wire"
)

// keyval is a store that has only patches; without patches it has nothing.
type keyval struct{ sdk.Keyval }

type patcher struct {
	keyval
	user  string
	patch sdk.Patch
}

func (p *patcher) Patch(_ context.Context, user string, patch sdk.Patch) error {
	p.user, p.patch = user, patch
	return nil
}

// TestPatches: a store that takes patches does so from afar, and one that does not has no such method there either.
func TestPatches(t *testing.T) {
	p := newPair(t, nil)
	store := &patcher{}
	p.pluginRoot.invoke = func(context.Context, *wire.Invocation) ([]any, error) { return []any{store, &keyval{}}, nil }
	ctx := background(t)
	results, err := call(ctx, p.server, "stores")
	if err != nil {
		t.Fatal(err)
	}
	far, ok := results[0].(sdk.Patcher)
	if !ok {
		t.Fatalf("it is a %T", results[0])
	}
	want := sdk.Patch{Keys: map[string]any{"set": "x", "gone": nil}, Entries: map[string]map[string]any{"t": {"set": sdk.Data{"n": 1.0}, "gone": nil}}}
	if err := far.Patch(ctx, "room", want); err != nil {
		t.Fatal(err)
	}
	if store.user != "room" || !reflect.DeepEqual(store.patch, want) {
		t.Errorf("it came as %q %v", store.user, store.patch)
	}
	if _, ok := results[1].(sdk.Patcher); ok {
		t.Error("a store without patches has got them")
	}
}
