package storagetest

import (
	"math"
	"testing"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

func keyval(t *testing.T, d Driver) {
	s := openKV(t, d, "verona.lit", "prefs")
	same(t, must[any](t)(s.Get(t.Context(), "romeo")), nil)
	ok(t, s.Set(t.Context(), "romeo", sdk.Data{"a": "b"}))
	same(t, must[any](t)(s.Get(t.Context(), "romeo")), sdk.Data{"a": "b"})
	ok(t, s.Set(t.Context(), "romeo", sdk.Data{"c": 1.0}))
	same(t, must[any](t)(s.Get(t.Context(), "romeo")), sdk.Data{"c": 1.0})
	ok(t, s.Set(t.Context(), "", sdk.Data{"host": true}))
	ok(t, s.Set(t.Context(), "juliet", []any{"x"}))
	same(t, must[any](t)(s.Get(t.Context(), "")), sdk.Data{"host": true})
	same(t, users(t, s), []string{"juliet", "romeo"})
	ok(t, s.Set(t.Context(), "romeo", nil))
	ok(t, s.Set(t.Context(), "juliet", sdk.Data{}))
	same(t, must[any](t)(s.Get(t.Context(), "romeo")), nil)
	same(t, users(t, s), []string(nil))
	if err := s.Set(t.Context(), "romeo", "a string"); err == nil {
		t.Error("a string was taken for a table")
	}
}

// values come back exactly, in every position.
func values(t *testing.T, d Driver) {
	s := openKV(t, d, "verona.lit", "values")
	for name, v := range map[string]any{
		"string": "x", "empty string": "", "binary": "\x00\xff'\"\\", "unicode": "é😀\u2028", "number": 1.5, "whole": 1700000000.0,
		"large": 1e300, "infinite": math.Inf(-1), "false": false, "true": true, "empty": sdk.Data{}, "list": []any{"a", false, []any{1.0}},
		"sparse": sdk.Data{2.0: "two"}, "mixed": sdk.Data{1.0: "one", 2.0: "two", "x": "y", false: "no", 0.5: "half", -1.0: "minus"},
		"number as name": sdk.Data{"1": "one", 1.0: 1.0}, "special": sdk.Data{"__array": []any{1.0}, "__hash": sdk.Data{}},
		"deep": sdk.Data{"a": sdk.Data{true: sdk.Data{3.0: []any{sdk.Data{"": ""}}}}},
	} {
		whole := sdk.Data{"k": v, 1.0: v, true: v, "": v, "__array": v}
		ok(t, s.Set(t.Context(), "romeo", whole))
		if same(t, must[any](t)(s.Get(t.Context(), "romeo")), whole); t.Failed() {
			t.Fatalf("value %q", name)
		}
		same(t, must[any](t)(s.GetKey(t.Context(), "romeo", "k")), v)
		same(t, must[any](t)(s.GetKey(t.Context(), "romeo", "")), v)
	}
	ok(t, s.Set(t.Context(), "romeo", map[string]any{"n": 3, "l": []string{"a"}, "gone": nil}))
	same(t, must[any](t)(s.Get(t.Context(), "romeo")), sdk.Data{"n": 3.0, "l": []any{"a"}})
	before := must[any](t)(s.Get(t.Context(), "romeo"))
	if err := s.Set(t.Context(), "romeo", sdk.Data{"a": 1.0, "f": func() {}}); err == nil {
		t.Error("a function was stored")
	}
	same(t, must[any](t)(s.Get(t.Context(), "romeo")), before)
}

func mapped(t *testing.T, d Driver) {
	s := openKV(t, d, "verona.lit", "map")
	same(t, must[any](t)(s.GetKey(t.Context(), "romeo", "k")), nil)
	ok(t, s.SetKey(t.Context(), "romeo", "k", "v"))
	ok(t, s.SetKey(t.Context(), "juliet", "k", false))
	ok(t, s.SetKey(t.Context(), "", "k", 1.0))
	ok(t, s.SetKeys(t.Context(), "romeo", map[string]any{"l": 2.0, "m": sdk.Data{1.5: true}, "": "empty"}))
	same(t, must[any](t)(s.GetKey(t.Context(), "romeo", "k")), "v")
	same(t, must[any](t)(s.GetKey(t.Context(), "romeo", "")), "empty")
	same(t, must[map[string]any](t)(s.GetKeyFromAll(t.Context(), "k")), map[string]any{"romeo": "v", "juliet": false, "": 1.0})
	ok(t, s.SetKeys(t.Context(), "romeo", map[string]any{"l": nil, "m": "new", "": nil}))
	same(t, must[any](t)(s.Get(t.Context(), "romeo")), sdk.Data{"k": "v", "m": "new"})
	ok(t, s.DeleteKeyFromAll(t.Context(), "k"))
	same(t, must[map[string]any](t)(s.GetKeyFromAll(t.Context(), "k")), map[string]any{})
	same(t, must[any](t)(s.Get(t.Context(), "romeo")), sdk.Data{"m": "new"})
	same(t, must[any](t)(s.Get(t.Context(), "juliet")), nil)
	if _, err := s.GetKeyFromAll(t.Context(), ""); err == nil {
		t.Error("the empty key was looked up for all users")
	}
	if err := s.DeleteKeyFromAll(t.Context(), ""); err == nil {
		t.Error("the empty key was deleted from all users")
	}
}

// sameRows: keyval and map are two views of one store.
func sameRows(t *testing.T, d Driver) {
	kv := must[any](t)(d.Open(t.Context(), "verona.lit", "s", sdk.KindKeyval)).(sdk.Keyval)
	m := must[any](t)(d.Open(t.Context(), "verona.lit", "s", sdk.KindMap)).(sdk.Map)
	ok(t, kv.Set(t.Context(), "romeo", sdk.Data{"a": 1.0, 1.0: "one"}))
	ok(t, m.SetKey(t.Context(), "romeo", "b", 2.0))
	ok(t, m.SetKey(t.Context(), "romeo", "", "e"))
	same(t, must[any](t)(kv.Get(t.Context(), "romeo")), sdk.Data{"a": 1.0, "b": 2.0, 1.0: "one", "": "e"})
	ok(t, m.SetKeys(t.Context(), "romeo", map[string]any{"a": nil, "b": nil, "": nil}))
	same(t, must[any](t)(kv.Get(t.Context(), "romeo")), []any{"one"})
}

func isolation(t *testing.T, d Driver) {
	one, two, three := openKV(t, d, "verona.lit", "s"), openKV(t, d, "mantua.lit", "s"), openKV(t, d, "verona.lit", "s2")
	ok(t, one.SetKey(t.Context(), "romeo", "k", "v"))
	for _, other := range []sdk.KeyvalPlus{two, three} {
		same(t, must[any](t)(other.Get(t.Context(), "romeo")), nil)
		same(t, users(t, other), []string(nil))
		ok(t, other.DeleteKeyFromAll(t.Context(), "k"))
		ok(t, other.Set(t.Context(), "romeo", nil))
	}
	same(t, must[any](t)(one.GetKey(t.Context(), "romeo", "k")), "v")
	same(t, must[any](t)(one.GetKey(t.Context(), "Romeo", "k")), nil)
}

func purge(t *testing.T, d Driver) {
	a, b, elsewhere := openKV(t, d, "verona.lit", "a"), openKV(t, d, "verona.lit", "b"), openKV(t, d, "mantua.lit", "a")
	log := openArchive(t, d, "verona.lit", "log")
	for _, user := range []string{"romeo", "juliet", ""} {
		for _, s := range []sdk.KeyvalPlus{a, b, elsewhere} {
			ok(t, s.SetKey(t.Context(), user, "k", "v"))
		}
		add(t, log, user, "", 1)
	}
	ok(t, d.Purge(t.Context(), "verona.lit", "romeo"))
	for _, s := range []sdk.KeyvalPlus{a, b} {
		same(t, users(t, s), []string{"juliet"})
		same(t, must[any](t)(s.GetKey(t.Context(), "", "k")), "v")
	}
	same(t, users(t, elsewhere), []string{"juliet", "romeo"})
	same(t, users(t, log), []string{"juliet"})
}

// copies: nobody can change what is stored through what he stored or was given.
func copies(t *testing.T, d Driver) {
	s := openKV(t, d, "verona.lit", "s")
	list := []any{"a"}
	data := sdk.Data{"l": list, "t": sdk.Data{"x": "y"}}
	ok(t, s.Set(t.Context(), "romeo", data))
	list[0] = "changed"
	data["t"].(sdk.Data)["x"] = "changed"
	got := must[any](t)(s.Get(t.Context(), "romeo")).(sdk.Data)
	got["t"].(sdk.Data)["x"] = "changed"
	same(t, must[any](t)(s.Get(t.Context(), "romeo")), sdk.Data{"l": []any{"a"}, "t": sdk.Data{"x": "y"}})
}

// stanzas as values of top-level keys are taken; what comes back is the driver's own business, but it must not change with theirs.
func stanzas(t *testing.T, d Driver) {
	s := openKV(t, d, "verona.lit", "s")
	e := stanza.Message("hi")
	ok(t, s.SetKey(t.Context(), "romeo", "e", e))
	before := must[any](t)(s.GetKey(t.Context(), "romeo", "e"))
	e.SetAttr("to", "changed")
	after := must[any](t)(s.GetKey(t.Context(), "romeo", "e"))
	if before == nil {
		t.Error("nothing was stored")
	}
	same(t, after, before)
}

// oddNames: hosts, stores, users and keys are any strings.
func oddNames(t *testing.T, d Driver) {
	for _, name := range []string{"a/b", "..", "é😀", "a b", "%41", "'; --", "a\x00b", "A", "_-.", "conference.verona.lit"} {
		s := openKV(t, d, name, name)
		ok(t, s.SetKey(t.Context(), name, name, name))
		same(t, must[any](t)(s.Get(t.Context(), name)), sdk.Data{name: name})
		same(t, users(t, s), []string{name})
		log := openArchive(t, d, name, name)
		ok(t, second(log.Append(t.Context(), name, name, stanza.Message(""), at(1), name)))
		same(t, must[sdk.ArchiveEntry](t)(log.Get(t.Context(), name, name)).With, name)
	}
}

func second[T any](_ T, err error) error { return err }
