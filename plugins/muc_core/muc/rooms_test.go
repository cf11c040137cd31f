package muc_test

import (
	"context"
	"errors"
	"testing"

	"quatrain/plugins/muc_core/muc"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

func TestFindingRooms(t *testing.T) {
	garden := newRoom("garden@chat")
	answers := map[string][]any{
		"garden@chat":  {garden},
		"nowhere@chat": {nil},
		"damaged@chat": {nil, "the record cannot be read"},
		"crowded@chat": {false},
	}
	m := newModule()
	m.exports["get_room_from_jid"] = sdk.Func(func(_ context.Context, args ...any) ([]any, error) {
		return answers[args[0].(string)], nil
	})
	m.exports["live_rooms"] = sdk.Func(func(context.Context, ...any) ([]any, error) { return []any{sdk.Rows{{garden}}}, nil })
	rooms, err := muc.Depend(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	for jid, fails := range map[string]bool{"garden@chat": false, "nowhere@chat": false, "damaged@chat": true, "crowded@chat": true} {
		room, err := rooms.Get(t.Context(), jid)
		if (err != nil) != fails || room.JID(t.Context()) != map[bool]string{true: "garden@chat"}[jid == "garden@chat"] {
			t.Errorf("%s: %v, %v", jid, room, err)
		}
	}
	for room, err := range rooms.Live(t.Context()) {
		if err != nil || room != (muc.Room{Object: garden}) {
			t.Errorf("%v, %v", room, err)
		}
	}
	if _, err := rooms.Names(t.Context()); !errors.Is(err, sdk.ErrNoMethod) {
		t.Errorf("what the rooms do not offer: %v", err)
	}
}

func TestAddingMethods(t *testing.T) {
	m := newModule()
	rooms, _ := muc.Depend(t.Context(), m)
	err := rooms.AddMethod(t.Context(), "get_mood", func(ctx context.Context, room muc.Room, args []any) ([]any, error) {
		return []any{room.JID(ctx) + " is " + args[0].(string)}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	method := m.class.fields["get_mood"].(sdk.Function)
	if results, err := method.Call(t.Context(), newRoom("garden@chat"), "merry"); err != nil || results[0] != "garden@chat is merry" {
		t.Errorf("%v, %v", results, err)
	}
	if _, err := method.Call(t.Context()); err == nil {
		t.Error("a call without a room is an error")
	}
	if err := rooms.RemoveMethods(t.Context()); err != nil || m.class.fields["get_mood"] != nil {
		t.Errorf("%v, %v", err, m.class.fields["get_mood"])
	}
}

// The rooms find the room and call the method that was added, which may refuse.
func TestHandlingStanzas(t *testing.T) {
	m, origin, garden := newModule(), &session{}, newRoom("garden@chat")
	m.exports["room_handler"] = sdk.Func(func(_ context.Context, args ...any) ([]any, error) {
		method := args[0].(string)
		return []any{sdk.Func(func(ctx context.Context, args ...any) ([]any, error) {
			ev := args[0].(map[string]any)
			return m.class.fields[method].(sdk.Function).Call(ctx, garden, ev["origin"], ev["stanza"])
		})}, nil
	})
	rooms, _ := muc.Depend(t.Context(), m)
	answers := map[string]error{"mine": nil, "refused": stanza.NewError(stanza.Forbidden, ""), "failed": errors.New("boom")}
	err := rooms.HookStanza(t.Context(), m, "iq/bare/urn:example:query", -2, "handle_example",
		func(_ context.Context, _ muc.Room, _ sdk.Session, st *stanza.Element) (bool, error) {
			err, known := answers[st.ID()]
			return known, err
		})
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		result any
		fails  bool
		sent   int
	}{"mine": {true, false, 0}, "refused": {true, false, 1}, "failed": {nil, true, 0}, "foreign": {nil, false, 0}}
	for id, test := range tests {
		origin.sent = nil
		st := stanza.IQ("get", id, "from", "romeo@home/orchard", "to", "garden@chat")
		result, err := m.Fire(t.Context(), sdk.StanzaEvent("iq/bare/urn:example:query", origin, st))
		if result != test.result || (err != nil) != test.fails || len(origin.sent) != test.sent {
			t.Errorf("%s: %v, %v, %d sent", id, result, err, len(origin.sent))
		}
	}
}
