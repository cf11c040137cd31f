package router_test

import (
	"context"
	"errors"
	"testing"

	"quatrain/host/internal/router/routertest"
	"quatrain/sdk"
)

// Who settles waits for stanzas that are handled late, and for nothing else.
func TestSettle(t *testing.T) {
	srv := routertest.New(t, "a.example")
	deferral := &sdk.Deferral{}
	srv.Hook("a.example", "message/bare", 0, func(context.Context, *sdk.Event) (any, error) { return deferral, nil })
	srv.Hook("a.example", "message/host", 0, func(context.Context, *sdk.Event) (any, error) { return true, nil })
	romeo := srv.Login("romeo@a.example/orchard")
	romeo.Send("<message to='a.example'/>")
	if err := srv.Router.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	romeo.Send("<message to='juliet@a.example'/>")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := srv.Router.Settle(gone); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v while a stanza is being handled", err)
	}
	settled := make(chan error)
	go func() { settled <- srv.Router.Settle(t.Context()) }()
	deferral.Resume(sdk.NewChain(t.Context()), true, nil)
	if err := <-settled; err != nil {
		t.Fatal(err)
	}
}
