package muc_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"quatrain/plugins/muc_core/muc"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

func TestWhatRoomsRefuse(t *testing.T) {
	tests := map[string]struct {
		results []any
		want    error
	}{
		"done":               {[]any{true}, nil},
		"type and condition": {[]any{nil, "modify", "not-acceptable"}, &stanza.Error{Type: "modify", Condition: "not-acceptable"}},
		"with a text":        {[]any{false, "wait", "internal-server-error", "later"}, &stanza.Error{Type: "wait", Condition: "internal-server-error", Text: "later"}},
		"type alone":         {[]any{false, "auth"}, &stanza.Error{Type: "auth", Condition: "not-allowed"}},
		"condition alone":    {[]any{nil, "internal-server-error"}, &stanza.Error{Type: "wait", Condition: "internal-server-error"}},
		"nothing":            {nil, &stanza.Error{Type: "cancel", Condition: "not-allowed"}},
		"an error":           {[]any{nil, stanza.NewError(stanza.Conflict, "")}, stanza.NewError(stanza.Conflict, "")},
		"words":              {[]any{nil, "invalid key"}, errors.New("invalid key")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			room := muc.Room{Object: newRoom("garden@chat").answer("set_affiliation", test.results...)}
			err := room.SetAffiliation(t.Context(), muc.Service, "romeo@home", muc.Member, "", nil)
			if !reflect.DeepEqual(err, test.want) {
				t.Errorf("got %#v, want %#v", err, test.want)
			}
		})
	}
}

func TestHowRoomsAreCalled(t *testing.T) {
	o := newRoom("garden@chat")
	for _, method := range []string{"set_affiliation", "set_role", "destroy", "set_affiliation_data", "set_hidden"} {
		o.answer(method, true)
	}
	room, ctx := muc.Room{Object: o}, t.Context()
	err := errors.Join(
		room.SetAffiliation(ctx, muc.Service, "romeo@home", muc.None, "", muc.Data{}),
		room.SetAffiliation(ctx, "nurse@home/kitchen", "romeo@home", muc.Outcast, "feud", muc.Data{"a": "b"}),
		room.SetRole(ctx, muc.Service, "garden@chat/Romeo", muc.NoRole, ""),
		room.Kick(ctx, "garden@chat/Romeo", "out"),
		room.Destroy(ctx, "", "over", ""),
		room.SetAffiliationValue(ctx, "romeo@home", "mood", nil),
	)
	changed, failed := room.SetHidden(ctx, true)
	want := []string{
		"set_affiliation[true romeo@home <nil> <nil> false]",
		"set_affiliation[nurse@home/kitchen romeo@home outcast feud map[a:b]]",
		"set_role[true garden@chat/Romeo <nil> <nil>]",
		"set_role[true garden@chat/Romeo <nil> out]",
		"destroy[<nil> over <nil>]",
		"set_affiliation_data[romeo@home mood <nil>]",
		"set_hidden[true]",
	}
	if err != nil || failed != nil || !changed || !reflect.DeepEqual(o.calls, want) {
		t.Errorf("%v, %v, %v\ngot  %q\nwant %q", err, failed, changed, o.calls, want)
	}
}

// Others iterate over rows, or call an iterator as Lua has them.
func TestIterating(t *testing.T) {
	romeo, juliet := newObject(nil), newObject(nil)
	all := map[any][]any{nil: {"a", romeo}, "a": {"b", juliet}, "b": nil}
	owners := map[string][]any{
		"rows": {sdk.Rows{{"a", romeo}, {"b", juliet}}},
		"iterator": {sdk.Func(func(_ context.Context, args ...any) ([]any, error) {
			if args[0] != "state" {
				return nil, fmt.Errorf("the state is %v", args[0])
			}
			return all[args[1]], nil
		}), "state", nil},
	}
	for name, results := range owners {
		t.Run(name, func(t *testing.T) {
			room := muc.Room{Object: newRoom("garden@chat").answer("each_occupant", results...)}
			occupants, err := room.Occupants(t.Context())
			if want := []muc.Occupant{{Object: romeo}, {Object: juliet}}; err != nil || !reflect.DeepEqual(occupants, want) {
				t.Errorf("%v, %v", occupants, err)
			}
		})
	}
}

func TestIteratorThatFails(t *testing.T) {
	fails := sdk.Func(func(context.Context, ...any) ([]any, error) { return nil, sdk.ErrGone })
	room := muc.Room{Object: newRoom("garden@chat").answer("each_affiliation", fails)}
	if _, err := room.Affiliates(t.Context(), ""); !errors.Is(err, sdk.ErrGone) {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsNoRoom(t *testing.T) {
	var room muc.Room
	_, err := room.Affiliation(t.Context(), "romeo@home")
	if err == nil || room.JID(t.Context()) != "" || !room.IsZero() {
		t.Errorf("%v, %q", err, room.JID(t.Context()))
	}
	room = muc.Room{Object: newRoom("garden@chat")}
	if _, err := room.RegisteredNick(t.Context(), "romeo@home"); !errors.Is(err, sdk.ErrNoMethod) {
		t.Errorf("a method that rooms do not have: %v", err)
	}
}

// What change reports is what the caller gets, as it was.
func TestChangingTogether(t *testing.T) {
	boom := errors.New("boom")
	for name, want := range map[string]error{"done": nil, "refused": stanza.NewError(stanza.Conflict, "taken"), "failed": boom} {
		t.Run(name, func(t *testing.T) {
			o := newRoom("garden@chat")
			var got []any
			o.methods["change_together"] = func(args ...any) []any {
				results, err := args[0].(sdk.Function).Call(t.Context())
				if got = results; err != nil {
					return []any{nil, "cancel", "undefined-condition"}
				}
				return results
			}
			err := muc.Room{Object: o}.ChangeTogether(t.Context(), func(context.Context) error { return want })
			if err != want {
				t.Errorf("got %v, want %v", err, want)
			}
			if name == "refused" && !reflect.DeepEqual(got, []any{false, "cancel", "conflict", "taken"}) {
				t.Errorf("the room got %v", got)
			}
		})
	}
}

func TestOccupants(t *testing.T) {
	presence := stanza.Presence("from", "garden@chat/Romeo", "to", "romeo@home/orchard")
	o := muc.Occupant{Object: newObject(map[string]any{
		"nick": "garden@chat/Romeo", "bare_jid": "romeo@home", "jid": "romeo@home/orchard", "role": nil,
		"sessions": sdk.NewTable(nil, map[string]any{"romeo@home/orchard": presence}),
	})}
	ctx := t.Context()
	nick, _ := o.Nick(ctx)
	role, _ := o.Role(ctx)
	sessions, err := o.Sessions(ctx)
	if nick != "Romeo" || role != muc.NoRole || err != nil || sessions["romeo@home/orchard"] != presence {
		t.Errorf("%q, %q, %v, %v", nick, role, sessions, err)
	}
	if err := errors.Join(o.SetRole(ctx, muc.Visitor), o.SetOccupantJID(ctx, "garden@chat/Mercutio")); err != nil {
		t.Fatal(err)
	}
	nick, _ = o.Nick(ctx)
	if role, _ = o.Role(ctx); nick != "Mercutio" || role != muc.Visitor {
		t.Errorf("%q, %q", nick, role)
	}
}

func TestRanks(t *testing.T) {
	affiliations := []muc.Affiliation{muc.Outcast, muc.None, muc.Member, muc.Admin, muc.Owner}
	for i, a := range affiliations[1:] {
		if !a.AtLeast(affiliations[i]) || affiliations[i].AtLeast(a) || !a.Valid() {
			t.Errorf("%s is not above %s", a, affiliations[i])
		}
	}
	roles := []muc.Role{muc.NoRole, muc.Visitor, muc.Participant, muc.Moderator}
	for i, r := range roles[1:] {
		if !r.AtLeast(roles[i]) || roles[i].AtLeast(r) || !r.Valid() {
			t.Errorf("%s is not above %s", r, roles[i])
		}
	}
	if muc.Affiliation("king").Valid() || muc.Role("king").Valid() {
		t.Error("there are no kings")
	}
}

func TestStatusCodes(t *testing.T) {
	st := stanza.Presence().AddChild(muc.X(muc.StatusSelf, muc.StatusNickChanged))
	if !muc.HasStatus(st, muc.StatusNickChanged) || muc.HasStatus(st, muc.StatusCreated) || muc.HasStatus(stanza.Presence(), muc.StatusSelf) {
		t.Errorf("%s", st.AppendXML(nil, stanza.NSClient))
	}
}
