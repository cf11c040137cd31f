package moduleapi_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"quatrain/host/internal/event"
	"quatrain/host/internal/moduleapi"
	"quatrain/sdk"
)

// oneHost is a server with one bus, whose operator wants failures to refuse.
type oneHost struct{ bus *event.Bus }

func (h oneHost) Bus(string) sdk.Bus             { return h.bus }
func (oneHost) Type(string) (sdk.HostType, bool) { return sdk.HostLocal, true }
func (oneHost) Origin(string) sdk.Session        { return nil }
func (oneHost) Option(string, string) any        { return nil }
func (oneHost) OptionAt(string, string) any      { return nil }
func (oneHost) OnError(string) sdk.OnError       { return sdk.Reject }

// A handler that fails refuses what can be refused, and nothing else.
func TestFailureOfOneKeepsNobodyFromHearing(t *testing.T) {
	for name, refused := range map[string]bool{"message/bare": true, "stream-features": false, "user-deleted": false} {
		t.Run(name, func(t *testing.T) {
			h := oneHost{event.NewBus(slog.New(slog.DiscardHandler), nil)}
			m := moduleapi.New(&moduleapi.Server{Hosts: h, Options: h, Log: slog.New(slog.DiscardHandler)}, "p", "a.example", false)
			heard := false
			m.Hook(name, 1, func(context.Context, *sdk.Event) (any, error) { return nil, errors.New("boom") })
			m.Hook(name, 0, func(context.Context, *sdk.Event) (any, error) {
				heard = true
				return nil, nil
			})
			_, err := h.bus.Fire(context.Background(), sdk.NewEvent(name))
			if heard == refused || (err != nil) != refused {
				t.Errorf("the second handler heard of it: %v, Fire: %v; want refused %v", heard, err, refused)
			}
		})
	}
}
