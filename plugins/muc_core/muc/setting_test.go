package muc_test

import (
	"context"
	"errors"
	"testing"

	"quatrain/plugins/muc_core/muc"
	"quatrain/sdk"
	"quatrain/xmpp/dataform"
)

func TestSettings(t *testing.T) {
	m, room := newModule(), muc.Room{Object: newRoom("garden@chat")}
	told := 0
	quiet := muc.Setting{
		Field:   dataform.Bool("urn:example:quiet", "Nobody shouts", true),
		Changed: func(context.Context, muc.Room) error { told++; return nil },
	}
	quiet.Offer(m)
	submit := func(value any) (status any) {
		t.Helper()
		ev := sdk.NewEvent("muc-config-submitted/urn:example:quiet", "room", room.Object, "value", value, "status_codes", sdk.NewTable(nil, nil))
		if _, err := m.Fire(t.Context(), ev); err != nil {
			t.Fatal(err)
		}
		status, _ = sdk.Field(t.Context(), ev.Get("status_codes"), "104")
		return status
	}
	shown := func() any {
		form := sdk.NewTable(nil, nil)
		if _, err := m.Fire(t.Context(), sdk.NewEvent("muc-config-form", "room", room.Object, "form", form)); err != nil {
			t.Fatal(err)
		}
		field, _ := form.GetKey(t.Context(), 1.0)
		return field.(map[string]any)["value"]
	}
	if on, err := quiet.Bool(t.Context(), room); !on || err != nil || shown() != true {
		t.Errorf("until the owner decides: %v, %v, shown %v", on, err, shown())
	}
	if status := submit(true); status != nil || told != 0 {
		t.Errorf("no change: %v, told %d times", status, told)
	}
	if status := submit(false); status != true || told != 1 || shown() != false {
		t.Errorf("a change: %v, told %d times, shown %v", status, told, shown())
	}
	if on, _ := quiet.Bool(t.Context(), room); on {
		t.Error("it is still on")
	}
}

func TestSettingsOfLists(t *testing.T) {
	m, room := newModule(), muc.Room{Object: newRoom("garden@chat")}
	refused := errors.New("not so")
	s := muc.Setting{
		Field:   dataform.Field{Var: "x", Type: dataform.ListMulti, Values: []string{"a"}},
		Changed: func(context.Context, muc.Room) error { return refused },
	}
	s.Offer(m)
	same := sdk.NewEvent("muc-config-submitted/x", "room", room.Object, "value", sdk.NewTable([]any{"a"}, nil))
	other := sdk.NewEvent("muc-config-submitted/x", "room", room.Object, "value", sdk.NewTable([]any{"a", "b"}, nil))
	if _, err := m.Fire(t.Context(), same); err != nil {
		t.Errorf("the same list: %v", err)
	}
	if _, err := m.Fire(t.Context(), other); !errors.Is(err, refused) {
		t.Errorf("another list: %v", err)
	}
}
