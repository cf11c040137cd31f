package wire_test

import (
	"context"
	"slices"
	"testing"

	"quatrain/sdk"
	"quatrain/sdk/wire"
)

// visitor is a session of the server's.
type visitor struct {
	sdk.Session
	id, resource string
}

func (v *visitor) ID() string       { return v.id }
func (v *visitor) Type() string     { return sdk.TypeC2S }
func (v *visitor) Username() string { return "" }
func (v *visitor) Host() string     { return "montague.example" }
func (v *visitor) Resource() string { return v.resource }
func (v *visitor) JID() string      { return "montague.example/" + v.resource }

// A plugin knows a session as it was when it was told of it last, in whichever form; it is the same one each time.
func TestSessionsAreTold(t *testing.T) {
	for name, tc := range map[string]struct {
		packed bool
		id     string
	}{"packed": {true, "c2s1"}, "as constants": {false, "c2s1"}, "with a zero byte": {true, "c2s\x001"}, "with a zero byte as constants": {false, "c2s\x001"}} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t, func(server, _ *wire.Options) { server.TakesSessions = tc.packed })
			var seen []sdk.Session
			p.pluginRoot.invoke = func(_ context.Context, c *wire.Invocation) ([]any, error) {
				s := c.Event.Origin
				seen = append(seen, s)
				return []any{s.ID(), s.Type(), s.Username(), s.Host(), s.Resource(), s.JID()}, nil
			}
			v := &visitor{id: tc.id}
			for _, resource := range []string{"balcony", "balcony", "", "orchard"} {
				v.resource = resource
				ctx := background(t)
				got, err := p.server.Call(ctx, wire.Request{Event: sdk.StanzaEvent("message/bare", v, nil)})
				want := []any{"c2s1", "c2s", "", "montague.example", resource, "montague.example/" + resource}
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("got %q, %v, want %q", got, err, want)
				}
			}
			if len(slices.Compact(seen)) != 1 {
				t.Error("it is not one session")
			}
		})
	}
}
