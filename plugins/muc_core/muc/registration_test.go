package muc_test

import (
	"context"
	"testing"

	"quatrain/plugins/muc_core/muc"
	"quatrain/sdk"
)

// Rooms that serve registrations are told by which method they get what is not theirs; others are found out.
func TestServingRegistration(t *testing.T) {
	m := newModule()
	rooms, _ := muc.Depend(t.Context(), m)
	if err := rooms.AddMethod(t.Context(), "handle", func(context.Context, muc.Room, []any) ([]any, error) { return nil, nil }); err != nil {
		t.Fatal(err)
	}
	if served, err := rooms.ServeRegistration(t.Context(), "handle", true, false); served || err != nil {
		t.Errorf("rooms that do not serve: %v, %v", served, err)
	}
	var got []any
	m.exports["serve_registration"] = sdk.Func(func(_ context.Context, args ...any) ([]any, error) {
		got = args
		return nil, nil
	})
	if served, err := rooms.ServeRegistration(t.Context(), "handle", true, false); !served || err != nil {
		t.Errorf("rooms that serve: %v, %v", served, err)
	}
	options, _ := got[1].(map[string]any)
	if got[0] != m.class.fields["handle"] || options["plain"] != true || options["unaffiliated"] != false {
		t.Errorf("they are told %v", got)
	}
}
