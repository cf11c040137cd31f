package sdk_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// shown are the entries of a table in the order of Range.
func shown(t *testing.T, table sdk.Ranger) (s []string) {
	t.Helper()
	if err := table.Range(t.Context(), func(key, value any) bool { s = append(s, fmt.Sprint(key, "=", value)); return true }); err != nil {
		t.Error(err)
	}
	return s
}

func TestTable(t *testing.T) {
	type change struct{ key, value any }
	for name, tc := range map[string]struct {
		changes []change
		want    []string
		length  int
	}{
		"nothing":          {nil, []string{"1=a", "2=b", "x=y"}, 2},
		"appended":         {[]change{{3.0, "c"}}, []string{"1=a", "2=b", "3=c", "x=y"}, 3},
		"replaced":         {[]change{{1.0, "c"}, {"x", "z"}}, []string{"1=c", "2=b", "x=z"}, 2},
		"last removed":     {[]change{{2.0, nil}}, []string{"1=a", "x=y"}, 1},
		"hole":             {[]change{{1.0, nil}}, []string{"2=b", "x=y"}, 2},
		"field removed":    {[]change{{"x", nil}, {"none", nil}}, []string{"1=a", "2=b"}, 2},
		"in the order set": {[]change{{"n", 1.0}, {"m", 2.0}, {true, 3.0}}, []string{"1=a", "2=b", "x=y", "n=1", "m=2", "true=3"}, 2},
		"not a place":      {[]change{{0.0, "z"}, {1.5, "h"}, {9.0, "n"}}, []string{"1=a", "2=b", "x=y", "0=z", "1.5=h", "9=n"}, 2},
		"gathered":         {[]change{{4.0, "d"}, {5.0, "e"}, {3.0, "c"}}, []string{"1=a", "2=b", "3=c", "4=d", "5=e", "x=y"}, 5},
	} {
		t.Run(name, func(t *testing.T) {
			table := sdk.NewTable([]any{"a", "b"}, map[string]any{"x": "y"})
			for _, c := range tc.changes {
				if err := table.SetKey(t.Context(), c.key, c.value); err != nil {
					t.Error(err)
				}
				if got, _ := table.GetKey(t.Context(), c.key); got != c.value {
					t.Errorf("%v is %v, want %v", c.key, got, c.value)
				}
			}
			if got := shown(t, table); !slices.Equal(got, tc.want) {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
			if n, _ := table.Len(t.Context()); n != tc.length {
				t.Errorf("length %d, want %d", n, tc.length)
			}
		})
	}
}

// A list, a map and a table are read alike.
func TestReadingValues(t *testing.T) {
	ctx := t.Context()
	items, fields := []any{"a", true, nil, 2.0}, map[string]any{"type": "auth", "condition": "forbidden", "n": 1.0}
	table := sdk.NewTable(items[:2], fields)
	for _, v := range []any{items[:2], table} {
		got, err := sdk.Items(ctx, v)
		n, err2 := sdk.Len(ctx, v)
		if !slices.Equal(got, items[:2]) || n != 2 || err != nil || err2 != nil {
			t.Errorf("%T: items %v, length %d, %v, %v", v, got, n, err, err2)
		}
	}
	for _, v := range []any{fields, table} {
		got, err := sdk.Fields(ctx, v)
		x, err2 := sdk.Field(ctx, v, "n")
		if !reflect.DeepEqual(got, fields) || x != 1.0 || sdk.Text(ctx, v, "type") != "auth" || sdk.Text(ctx, v, "n") != "" || err != nil || err2 != nil {
			t.Errorf("%T: fields %v, n %v, %v, %v", v, got, x, err, err2)
		}
		if e := sdk.ErrorOf(ctx, v); e == nil || e.Type != stanza.Auth || e.Condition != stanza.Forbidden {
			t.Errorf("%T: error %v", v, e)
		}
	}
	if _, err := sdk.Items(ctx, "text"); err == nil {
		t.Error("a string is a list")
	}
	if sdk.ErrorOf(ctx, "text") != nil || sdk.ErrorOf(ctx, nil) != nil {
		t.Error("a string is an error")
	}
}

func TestPlain(t *testing.T) {
	deep := sdk.NewTable(nil, nil)
	deep.Set(t.Context(), "again", deep)
	for name, tc := range map[string]struct {
		v, want any
		err     string
	}{
		"nothing":  {nil, nil, ""},
		"list":     {[]any{"a", 1}, sdk.Data{1.0: "a", 2.0: 1.0}, ""},
		"table":    {sdk.NewTable([]any{true}, map[string]any{"m": map[string]any{"x": nil, "y": "z"}}), sdk.Data{1.0: true, "m": sdk.Data{"y": "z"}}, ""},
		"function": {map[string]any{"f": sdk.Func(nil)}, nil, `value["f"]: a *sdk.goFunction cannot be stored`},
		"itself":   {deep, nil, "nested more than 64 deep"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := sdk.Plain(t.Context(), tc.v)
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Errorf("got %v, want %s", err, tc.err)
				}
				return
			}
			if !reflect.DeepEqual(got, tc.want) || err != nil {
				t.Errorf("got %v, %v; want %v", got, err, tc.want)
			}
		})
	}
}

// An object in the place of a session is asked for what a session is asked for.
func TestOriginOf(t *testing.T) {
	var sent []any
	answer := any(true)
	o := sdk.NewTable(nil, map[string]any{"host": "localhost", "full_jid": "a@b/c", "send": sdk.Func(func(_ context.Context, args ...any) ([]any, error) {
		sent = append(sent, args...)
		return []any{answer}, nil
	})})
	s := sdk.OriginOf(t.Context(), o)
	st := stanza.Message("x")
	if s.Host() != "localhost" || s.JID() != "a@b/c" || s.Type() != "" || s.Send(t.Context(), st) != nil || len(sent) != 1 || sent[0] != any(st) {
		t.Errorf("%q %q %q sent %v", s.Host(), s.JID(), s.Type(), sent)
	}
	answer = nil
	if s.Send(t.Context(), st) == nil {
		t.Error("sent what was not taken")
	}
	if sdk.OriginOf(t.Context(), "x") != nil || sdk.OriginOf(t.Context(), nil) != nil {
		t.Error("a string is an origin")
	}
	if _, err := sdk.CallField(t.Context(), o, "close"); !errors.Is(err, sdk.ErrNoMethod) {
		t.Error(err)
	}
}
