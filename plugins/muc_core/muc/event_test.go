package muc_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"quatrain/plugins/muc_core/muc"
	"quatrain/sdk"
	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
)

func xml(st *stanza.Element) string {
	return strings.ReplaceAll(string(st.AppendXML(nil, stanza.NSClient)), "'", `"`)
}

func TestRefusing(t *testing.T) {
	const by = `<conflict xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/><text xmlns="urn:ietf:params:xml:ns:xmpp-stanzas">taken</text></error>`
	tests := map[string]struct {
		stanza *stanza.Element
		want   string // "" if nobody is answered
	}{
		"who enters gets the request back": {
			stanza.Presence("from", "romeo@home/orchard", "to", "garden@chat/Romeo").AddChild(stanza.New("x", muc.NS)),
			`<presence to="romeo@home/orchard" from="garden@chat/Romeo" type="error"><error type="cancel" by="garden@chat">` + by + `<x xmlns="http://jabber.org/protocol/muc"/></presence>`,
		},
		"a message": {
			stanza.Message("hi", "from", "romeo@home/orchard", "to", "garden@chat", "id", "m1", "type", "groupchat"),
			`<message to="romeo@home/orchard" from="garden@chat" id="m1" type="error"><error type="cancel">` + by + `</message>`,
		},
		"an error is not answered": {stanza.Message("", "from", "romeo@home/orchard", "to", "garden@chat", "type", "error"), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			m, origin := newModule(), &session{}
			muc.On(m, 0, func(ctx context.Context, ev muc.PreJoin) (any, error) {
				return ev.Refuse(ctx, stanza.NewError(stanza.Conflict, "taken"))
			})
			_, result, err := muc.Fire[muc.PreJoin](t.Context(), m, muc.Room{Object: newRoom("garden@chat")}, origin, test.stanza)
			if result != true || err != nil {
				t.Errorf("the event goes on: %v, %v", result, err)
			}
			got := ""
			if len(origin.sent) > 0 {
				got = xml(origin.sent[0])
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// A private message is from an occupant, so the answer goes through the room.
func TestRefusingPrivateMessages(t *testing.T) {
	m, o, sender := newModule(), newRoom("garden@chat"), newObject(nil)
	var sent string
	o.methods["route_to_occupant"] = func(args ...any) []any {
		if args[0] == sdk.Object(sender) {
			sent = xml(args[1].(*stanza.Element))
		}
		return nil
	}
	muc.On(m, 0, func(ctx context.Context, ev muc.PrivateMessage) (any, error) {
		return ev.Refuse(ctx, &stanza.Error{Type: stanza.Cancel, Condition: stanza.PolicyViolation})
	})
	st := stanza.Message("psst", "from", "garden@chat/Romeo", "to", "garden@chat/Juliet", "type", "chat")
	_, result, err := muc.Fire[muc.PrivateMessage](t.Context(), m, muc.Room{Object: o}, nil, st, "occupant", sender)
	want := `<message to="garden@chat/Romeo" from="garden@chat/Juliet" type="error"><error type="cancel" by="garden@chat">` +
		`<policy-violation xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></message>`
	if result != false || err != nil || sent != want {
		t.Errorf("%v, %v\ngot  %s\nwant %s", result, err, sent, want)
	}
}

func TestResultsOfOurTypes(t *testing.T) {
	m := newModule()
	muc.On(m, 0, func(_ context.Context, ev muc.DefaultRoleWanted) (any, error) {
		if ev.Affiliation() == muc.None {
			return muc.Visitor, nil
		}
		return nil, nil
	})
	_, role, err := muc.Fire[muc.DefaultRoleWanted](t.Context(), m, muc.Room{}, nil, nil)
	if role != "visitor" || err != nil {
		t.Errorf("got %#v, %v", role, err)
	}
}

func TestVetoes(t *testing.T) {
	refusal := stanza.NewError(stanza.Conflict, "")
	e := sdk.NewEvent("muc-pre-set-affiliation", "affiliation", "member", "previous_affiliation", "none")
	change := muc.PreSetAffiliation{RoomEvent: muc.RoomEvent{Event: e}}
	if change.Vetoed() || change.Affiliation() != muc.Member || change.Previous() != muc.None || change.Actor() != muc.Service {
		t.Errorf("%+v", e)
	}
	change.Veto(refusal)
	if !change.Vetoed() || !reflect.DeepEqual(e.Get("error"), map[string]any{"type": "cancel", "condition": "conflict"}) {
		t.Errorf("error is %v", e.Get("error"))
	}
	if err := change.OnceSaved(t.Context(), nil); !errors.Is(err, sdk.ErrNoMethod) {
		t.Errorf("without once_saved: %v", err)
	}
	e = sdk.NewEvent("muc-pre-set-role")
	muc.PreSetRole{RoomEvent: muc.RoomEvent{Event: e}}.Veto(refusal)
	if e.Get("allowed") != false || e.Get("error") != "cancel" || e.Get("condition") != "conflict" {
		t.Errorf("%v, %v, %v", e.Get("allowed"), e.Get("error"), e.Get("condition"))
	}
}

// Forms come as objects, or as copies that have to be put back.
func TestAddingFields(t *testing.T) {
	first := map[string]any{"name": "FORM_TYPE"}
	want := map[string]any{"name": "urn:example:mood", "type": "list-single", "label": "Mood", "value": "merry",
		"options": []any{map[string]any{"value": "sad", "label": "Sad"}}}
	forms := map[string]any{
		"an object": sdk.NewTable([]any{first}, map[string]any{"title": "Room"}),
		"a list":    []any{first},
		"a table":   sdk.Data{1.0: first, "title": "Room"},
	}
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			e := sdk.NewEvent("muc-config-form", "form", form)
			err := muc.ConfigForm{RoomEvent: muc.RoomEvent{Event: e}}.Add(t.Context(), dataform.Field{
				Var: "urn:example:mood", Type: dataform.ListSingle, Label: "Mood", Values: []string{"merry"},
				Options: []dataform.Option{{Label: "Sad", Value: "sad"}},
			})
			var second any
			switch f := e.Get("form").(type) {
			case []any:
				second = f[1]
			case sdk.Data:
				second = f[2.0]
			case sdk.KeyedObject:
				second, _ = f.GetKey(t.Context(), 2.0)
			}
			if err != nil || !reflect.DeepEqual(second, want) {
				t.Errorf("%v\ngot  %v\nwant %v", err, second, want)
			}
		})
	}
	e := sdk.NewEvent("muc-config-form")
	if err := (muc.ConfigForm{RoomEvent: muc.RoomEvent{Event: e}}).Add(t.Context(), dataform.Field{}); err == nil {
		t.Error("there is no form")
	}
}

func TestStatusCodesOfForms(t *testing.T) {
	for name, codes := range map[string]any{"an object": sdk.NewTable(nil, nil), "a map": map[string]any{}, "nothing": nil} {
		t.Run(name, func(t *testing.T) {
			e := sdk.NewEvent("muc-config-submitted/x", "status_codes", codes)
			err := muc.ConfigField{RoomEvent: muc.RoomEvent{Event: e}}.AddStatus(t.Context(), muc.StatusConfigChanged)
			if got, _ := sdk.Field(t.Context(), e.Get("status_codes"), "104"); got != true || err != nil {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}

func TestDisco(t *testing.T) {
	reply := stanza.IQ("result", "d1").AddChild(stanza.New("query", muc.NSDiscoInfo))
	m := newModule()
	muc.OnPart(m, "x-roomuser-item", 0, func(_ context.Context, ev muc.DiscoNode) (any, error) {
		ev.AddIdentity("conference", "text", "Romeo")
		ev.AddFeature("urn:example:thing")
		return nil, nil
	})
	if _, err := m.Fire(t.Context(), sdk.NewEvent("muc-disco#info/x-roomuser-item", "reply", reply)); err != nil {
		t.Fatal(err)
	}
	want := `<iq id="d1" type="result"><query xmlns="http://jabber.org/protocol/disco#info">` +
		`<identity category="conference" type="text" name="Romeo"/><feature var="urn:example:thing"/></query></iq>`
	if xml(reply) != want {
		t.Errorf("got  %s\nwant %s", xml(reply), want)
	}
}

func TestHistory(t *testing.T) {
	e := sdk.NewEvent("muc-get-history", "maxstanzas", 5.0, "since", 1000.0)
	ev := muc.GetHistory{RoomEvent: muc.RoomEvent{Event: e}}
	if ev.MaxStanzas() != 5 || ev.MaxChars() != -1 || ev.Since().Unix() != 1000 {
		t.Errorf("%d, %d, %v", ev.MaxStanzas(), ev.MaxChars(), ev.Since())
	}
	ev.Answer([]*stanza.Element{stanza.Message("one"), stanza.Message("two")})
	next, heard := e.Get("next_stanza").(sdk.Function), ""
	for {
		row, err := next.Call(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(row) == 0 {
			break
		}
		heard += row[0].(*stanza.Element).ChildText("body", "") + " "
	}
	if heard != "one two " {
		t.Errorf("heard %q", heard)
	}
}
