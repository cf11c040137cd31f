package storagetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

func at(n int) time.Time { return time.Unix(int64(1700000000+n), 0).UTC() }

// add appends message n and returns its id.
func add(t *testing.T, s sdk.Archive, user, key string, n int) string {
	t.Helper()
	with := "juliet@verona.lit"
	if n%2 == 0 {
		with = "nurse@verona.lit"
	}
	return must[string](t)(s.Append(t.Context(), user, key, stanza.Message(fmt.Sprint(n)), at(n), with))
}

// bodies are the texts of what a query finds.
func bodies(t *testing.T, s sdk.Archive, user string, q sdk.ArchiveQuery) (texts []string) {
	t.Helper()
	found, _, err := s.Find(t.Context(), user, q)
	ok(t, err)
	for _, e := range found {
		texts = append(texts, e.Stanza.ChildText("body", ""))
	}
	return texts
}

// fill is an archive of romeo's with the messages 1 to n under the ids "id-1" to "id-n", and one message of mercutio's.
func fill(t *testing.T, d Driver, n int) sdk.Archive {
	t.Helper()
	s := openArchive(t, d, "verona.lit", "log")
	for i := range n {
		add(t, s, "romeo", fmt.Sprint("id-", i+1), i+1)
	}
	add(t, s, "mercutio", "id-m", 7)
	return s
}

func archives(t *testing.T, d Driver) {
	s := fill(t, d, 3)
	other := add(t, s, "romeo", "", 4)
	if other == "" || other == add(t, s, "romeo", "", 5) {
		t.Errorf("id %q is not a new one", other)
	}
	same(t, bodies(t, s, "romeo", sdk.ArchiveQuery{}), []string{"1", "2", "3", "4", "5"})
	same(t, bodies(t, s, "benvolio", sdk.ArchiveQuery{}), []string(nil))
	same(t, add(t, s, "romeo", "id-1", 6), "id-1")
	same(t, bodies(t, s, "romeo", sdk.ArchiveQuery{}), []string{"2", "3", "4", "5", "6"})
	e := must[sdk.ArchiveEntry](t)(s.Get(t.Context(), "romeo", "id-1"))
	same(t, []any{e.ID, e.When.Equal(at(6)), e.With}, []any{"id-1", true, "nurse@verona.lit"})
	for _, id := range []string{"id-m", "", "nothing"} {
		if _, err := s.Get(t.Context(), "romeo", id); !errors.Is(err, sdk.ErrItemNotFound) {
			t.Errorf("getting %q: %v", id, err)
		}
	}
	same(t, users(t, s), []string{"mercutio", "romeo"})
	same(t, must[map[string]int](t)(s.Summary(t.Context(), "romeo", sdk.ArchiveQuery{})), map[string]int{"juliet@verona.lit": 2, "nurse@verona.lit": 3})
	same(t, must[map[string]int](t)(s.Summary(t.Context(), "romeo", sdk.ArchiveQuery{Start: at(5)})), map[string]int{"juliet@verona.lit": 1, "nurse@verona.lit": 1})
	if caps := s.Caps(); !caps.Total || !caps.Truncate || !caps.IDs {
		t.Errorf("%+v", caps)
	}
}

func archiveTimes(t *testing.T, d Driver) {
	s := fill(t, d, 6)
	for _, c := range []struct {
		q    sdk.ArchiveQuery
		want []string
	}{
		{sdk.ArchiveQuery{Start: at(3)}, []string{"3", "4", "5", "6"}},
		{sdk.ArchiveQuery{End: at(3)}, []string{"1", "2", "3"}},
		{sdk.ArchiveQuery{Start: at(2).Add(time.Millisecond), End: at(4).Add(time.Millisecond)}, []string{"2", "3", "4"}},
		{sdk.ArchiveQuery{Start: at(9)}, nil},
		{sdk.ArchiveQuery{With: "juliet@verona.lit", End: at(4)}, []string{"1", "3"}},
		{sdk.ArchiveQuery{With: "nobody"}, nil},
	} {
		same(t, bodies(t, s, "romeo", c.q), c.want)
	}
	ok(t, second(s.Append(t.Context(), "romeo", "", stanza.Message("late"), at(86400*3), "")))
	same(t, must[[]string](t)(s.Dates(t.Context(), "romeo")), []string{"2023-11-14", "2023-11-17"})
	before := time.Now().Add(-time.Second)
	now := must[sdk.ArchiveEntry](t)(s.Get(t.Context(), "romeo", must[string](t)(s.Append(t.Context(), "romeo", "", stanza.Message("now"), time.Time{}, ""))))
	if now.When.Before(before) || now.When.After(time.Now()) {
		t.Errorf("without a time it was kept as of %v", now.When)
	}
}

func archiveRanges(t *testing.T, d Driver) {
	s := fill(t, d, 6)
	for _, c := range []struct {
		q     sdk.ArchiveQuery
		want  []string
		total int
	}{
		{sdk.ArchiveQuery{Limit: 2}, []string{"1", "2"}, 6},
		{sdk.ArchiveQuery{Limit: 2, Reverse: true}, []string{"6", "5"}, 6},
		{sdk.ArchiveQuery{After: "id-4"}, []string{"5", "6"}, 6},
		{sdk.ArchiveQuery{After: "id-6"}, nil, 6},
		{sdk.ArchiveQuery{Before: "id-3"}, []string{"1", "2"}, 6},
		{sdk.ArchiveQuery{Before: "id-5", Reverse: true, Limit: 2}, []string{"4", "3"}, 6},
		{sdk.ArchiveQuery{After: "id-1", Before: "id-5", Limit: 2}, []string{"2", "3"}, 6},
		{sdk.ArchiveQuery{After: "id-1", Before: "id-5", Limit: 2, Reverse: true}, []string{"4", "3"}, 6},
		{sdk.ArchiveQuery{After: "id-2", With: "nurse@verona.lit"}, []string{"4", "6"}, 3},
		{sdk.ArchiveQuery{Key: "id-2"}, []string{"2"}, 1},
		{sdk.ArchiveQuery{IDs: []string{"id-5", "id-2", "nothing", "id-m"}}, []string{"2", "5"}, 2},
		{sdk.ArchiveQuery{IDs: []string{}}, nil, 0},
		{sdk.ArchiveQuery{IDs: []string{"id-5", "id-2"}, Reverse: true, Limit: 1}, []string{"5"}, 2},
	} {
		same(t, bodies(t, s, "romeo", c.q), c.want)
		if _, total, err := s.Find(t.Context(), "romeo", c.q); err != nil || total != -1 {
			t.Errorf("%+v: total %d, %v", c.q, total, err)
		}
		c.q.Total = true
		if _, total, err := s.Find(t.Context(), "romeo", c.q); err != nil || total != c.total {
			t.Errorf("%+v: total %d, %v; want %d", c.q, total, err, c.total)
		}
	}
	for _, q := range []sdk.ArchiveQuery{{Before: "nothing"}, {After: "nothing"}, {Before: "id-m"}, {After: "id-1", Before: "nothing"}} {
		if _, _, err := s.Find(t.Context(), "romeo", q); !errors.Is(err, sdk.ErrItemNotFound) {
			t.Errorf("%+v: %v", q, err)
		}
		if _, err := s.Delete(t.Context(), "romeo", q); !errors.Is(err, sdk.ErrItemNotFound) {
			t.Errorf("deleting %+v: %v", q, err)
		}
		if _, err := s.Summary(t.Context(), "romeo", q); !errors.Is(err, sdk.ErrItemNotFound) {
			t.Errorf("summary of %+v: %v", q, err)
		}
	}
}

func archiveDelete(t *testing.T, d Driver) {
	for _, c := range []struct {
		q    sdk.ArchiveQuery
		rest []string
	}{
		{sdk.ArchiveQuery{}, nil},
		{sdk.ArchiveQuery{End: at(2)}, []string{"3", "4", "5"}},
		{sdk.ArchiveQuery{With: "juliet@verona.lit"}, []string{"2", "4"}},
		{sdk.ArchiveQuery{Key: "id-3"}, []string{"1", "2", "4", "5"}},
		{sdk.ArchiveQuery{IDs: []string{"id-3", "id-1"}}, []string{"2", "4", "5"}},
		{sdk.ArchiveQuery{After: "id-1", Before: "id-4"}, []string{"1", "4", "5"}},
		{sdk.ArchiveQuery{HasTruncate: true, Truncate: 2}, []string{"4", "5"}},
		{sdk.ArchiveQuery{HasTruncate: true, Truncate: 2, Reverse: true}, []string{"1", "2"}},
		{sdk.ArchiveQuery{HasTruncate: true, Truncate: 9}, []string{"1", "2", "3", "4", "5"}},
		{sdk.ArchiveQuery{HasTruncate: true}, nil},
		{sdk.ArchiveQuery{HasTruncate: true, Truncate: 1, With: "juliet@verona.lit"}, []string{"2", "4", "5"}},
		{sdk.ArchiveQuery{AllUsers: true, Start: at(4)}, []string{"1", "2", "3"}},
	} {
		s := fill(t, d, 5)
		n := must[int](t)(s.Delete(t.Context(), "romeo", c.q))
		same(t, bodies(t, s, "romeo", sdk.ArchiveQuery{}), c.rest)
		left := len(bodies(t, s, "mercutio", sdk.ArchiveQuery{}))
		if want := 5 - len(c.rest) + 1 - left; n != want || c.q.AllUsers != (left == 0) {
			t.Errorf("%+v: deleted %d, not %d; left %d of another's", c.q, n, want, left)
		}
		ok(t, second(s.Delete(t.Context(), "", sdk.ArchiveQuery{AllUsers: true})))
	}
	s := fill(t, d, 2)
	if _, err := s.Delete(t.Context(), "", sdk.ArchiveQuery{AllUsers: true, HasTruncate: true}); !errors.Is(err, sdk.ErrUnsupported) {
		t.Errorf("truncating all users' archives at once: %v", err)
	}
}

func archiveReplace(t *testing.T, d Driver) {
	s := fill(t, d, 3)
	ok(t, s.Replace(t.Context(), "romeo", "id-2", stanza.Message("new"), at(9), "friar"))
	ok(t, s.Replace(t.Context(), "romeo", "id-3", stanza.Message("newer"), time.Time{}, ""))
	same(t, bodies(t, s, "romeo", sdk.ArchiveQuery{}), []string{"1", "new", "newer"})
	e := must[sdk.ArchiveEntry](t)(s.Get(t.Context(), "romeo", "id-3"))
	same(t, []any{e.With, e.When.Equal(at(3))}, []any{"juliet@verona.lit", true})
	same(t, bodies(t, s, "romeo", sdk.ArchiveQuery{With: "friar", Start: at(9)}), []string{"new"})
	for _, id := range []string{"nothing", "id-m"} {
		if err := s.Replace(t.Context(), "romeo", id, stanza.Message("x"), at(1), ""); !errors.Is(err, sdk.ErrItemNotFound) {
			t.Errorf("replacing %q: %v", id, err)
		}
	}
}

func archiveStanzas(t *testing.T, d Driver) {
	s := openArchive(t, d, "verona.lit", "log")
	m := stanza.Message("a < b & 'c' \"d\" é😀\n", "to", "juliet@verona.lit", "xml:lang", "en")
	m.AddChild(stanza.New("x", "urn:x", "a", "<>'\"&").AddChild(stanza.New("y", "urn:x").AddText("t")).AddText("tail"))
	text := m.String()
	id := must[string](t)(s.Append(t.Context(), "romeo", "", m, at(1), ""))
	m.SetAttr("to", "changed")
	m.Tags[0].AddText("changed")
	e := must[sdk.ArchiveEntry](t)(s.Get(t.Context(), "romeo", id))
	same(t, e.Stanza.String(), text)
	e.Stanza.SetAttr("to", "changed")
	same(t, must[sdk.ArchiveEntry](t)(s.Get(t.Context(), "romeo", id)).Stanza.String(), text)
}

// Limited is the test of an archive that may have 3 entries per user.
func Limited(t *testing.T, d Driver) {
	defer closing(t, d)
	s := fill(t, d, 3)
	same(t, s.Caps().Quota, 3)
	if _, err := s.Append(t.Context(), "romeo", "", stanza.Message("4"), at(4), ""); !errors.Is(err, sdk.ErrQuotaLimit) {
		t.Errorf("adding a fourth: %v", err)
	}
	add(t, s, "romeo", "id-1", 9)
	same(t, bodies(t, s, "romeo", sdk.ArchiveQuery{}), []string{"2", "3", "9"})
	add(t, s, "benvolio", "", 1)
}
