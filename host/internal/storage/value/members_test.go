package value

import (
	"fmt"
	"testing"

	"quatrain/sdk"
)

// Members that are changed one by one are the text of the table that has been changed so.
func TestMembers(t *testing.T) {
	table := sdk.Data{}
	m := NewMembers()
	for i := range 300 {
		name, v := fmt.Sprintf("n%d\"\n", i*7%40), any(sdk.Data{"nick": fmt.Sprint(i), "list": []any{1.0, nil, "é"}, "gone": nil})
		switch i % 5 {
		case 0:
			v = nil
		case 1:
			v = float64(i)
		}
		texts, err := EncodeMembers(map[string]any{name: v})
		if err != nil {
			t.Fatal(err)
		}
		m.Put(texts)
		put(table, name, v)
		if v == nil {
			delete(table, name)
		}
		want, err := Encode("k", table)
		if err != nil || m.Text() != want.Text {
			t.Fatalf("after %d: %s, want %s, %v", i, m.Text(), want.Text, err)
		}
		again, ok := MembersOf(want)
		if !ok || again.Text() != want.Text {
			t.Fatalf("read again: %v, %v", again, ok)
		}
	}
	if _, err := EncodeMembers(map[string]any{"f": func() {}}); err == nil {
		t.Error("a function was taken")
	}
}

func TestNoMembers(t *testing.T) {
	for _, r := range []Row{
		{"k", TypeJSON, `["a"]`}, {"k", TypeJSON, `{"__array":["a"],"b":1}`}, {"k", TypeJSON, `{"__hash":["__array",1]}`}, {"k", TypeString, "{}"},
		{"k", TypeJSON, `{"a"`}, {"k", TypeJSON, `1`}, {},
	} {
		if m, ok := MembersOf(r); ok {
			t.Errorf("%v: %s", r, m.Text())
		}
	}
	if m := NewMembers(); m.Fit(map[string]any{"a": 1, "__array": 2}) || !m.Fit(map[string]any{"a": 1}) {
		t.Error("which names fit")
	}
}
