package muc_test

import (
	"context"
	"fmt"
	"strings"

	"quatrain/plugins/muc_core/muc"
	"quatrain/sdk"
	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
)

// library keeps rooms quiet, if their owners want that: who is no moderator may not shout.
type library struct{}

// quiet is what owners find in the form.
var quiet = muc.Setting{Field: dataform.Bool("urn:example:quiet", "Shouting is not allowed", false)}

func (library) Load(ctx context.Context, m sdk.Module) error {
	if _, err := muc.Depend(ctx, m); err != nil {
		return err
	}
	quiet.Offer(m)
	// After the room has looked whether the sender has a voice (50).
	muc.On(m, 10, library{}.hush)
	muc.On(m, 0, func(ctx context.Context, ev muc.DiscoInfo) (any, error) {
		if on, err := quiet.Bool(ctx, ev.Room()); err != nil || !on {
			return nil, err
		}
		ev.AddFeature("urn:example:quiet")
		return nil, nil
	})
	return nil
}

func (library) hush(ctx context.Context, ev muc.Groupchat) (any, error) {
	body := ev.Stanza.ChildText("body", "")
	if body == strings.ToLower(body) || body != strings.ToUpper(body) {
		return nil, nil // nobody shouts
	}
	role, err := ev.Occupant().Role(ctx)
	if err != nil || role == muc.Moderator {
		return nil, err
	}
	if on, err := quiet.Bool(ctx, ev.Room()); err != nil || !on {
		return nil, err
	}
	return ev.Refuse(ctx, stanza.NewError(stanza.PolicyViolation, "Please be quiet"))
}

// An extension of rooms: a setting that owners find in the form, a check of what is said, and a line in what the room says about itself. Here
// stand-ins take the place of a server.
func Example() {
	ctx, m, room, origin := context.Background(), newModule(), newRoom("library@chat"), &session{}
	if err := (library{}).Load(ctx, m); err != nil {
		panic(err)
	}
	say := func(role, body string) {
		origin.sent = nil
		st := stanza.Message(body, "from", "romeo@home/orchard", "to", "library@chat", "type", "groupchat")
		occupant := newObject(map[string]any{"role": role})
		_, stopped, err := muc.Fire[muc.Groupchat](ctx, m, muc.Room{Object: room}, origin, st, "occupant", occupant)
		fmt.Println(stopped, err, len(origin.sent))
	}
	say("participant", "WHERE ARE YOU")
	if err := (muc.Room{Object: room}).SetValue(ctx, "urn:example:quiet", true); err != nil {
		panic(err)
	}
	say("participant", "WHERE ARE YOU")
	say("participant", "Where are you")
	say("moderator", "SILENCE")
	// Output:
	// <nil> <nil> 0
	// true <nil> 1
	// <nil> <nil> 0
	// <nil> <nil> 0
}
