package wire

import (
	"context"
	"fmt"
	"iter"
	"math"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// archive is an archive of the server's.
type archive struct{ Remote }

// seconds is a time on the wire: seconds since 1970 with a fraction, 0 for the zero time.
func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMicro()) / 1e6
}

func timeOf(seconds float64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(math.Round(seconds * 1e6))).UTC()
}

func queryMap(q sdk.ArchiveQuery) map[string]any {
	m := map[string]any{}
	put := func(name string, v any, given bool) {
		if given {
			m[name] = v
		}
	}
	put("start", seconds(q.Start), !q.Start.IsZero())
	put("end", seconds(q.End), !q.End.IsZero())
	put("with", q.With, q.With != "")
	put("key", q.Key, q.Key != "")
	put("ids", q.IDs, q.IDs != nil)
	put("before", q.Before, q.Before != "")
	put("after", q.After, q.After != "")
	put("limit", q.Limit, q.Limit != 0)
	put("reverse", true, q.Reverse)
	put("total", true, q.Total)
	put("truncate", q.Truncate, q.HasTruncate)
	put("all_users", true, q.AllUsers)
	return m
}

func queryOf(m map[string]any) (q sdk.ArchiveQuery) {
	start, _ := m["start"].(float64)
	end, _ := m["end"].(float64)
	q.Start, q.End = timeOf(start), timeOf(end)
	q.With, _ = m["with"].(string)
	q.Key, _ = m["key"].(string)
	if m["ids"] != nil {
		q.IDs = texts(m["ids"])
	}
	q.Before, _ = m["before"].(string)
	q.After, _ = m["after"].(string)
	limit, _ := m["limit"].(float64)
	truncate, has := m["truncate"].(float64)
	q.Limit, q.Truncate, q.HasTruncate = int(limit), int(truncate), has
	q.Reverse, q.Total, q.AllUsers = m["reverse"] == true, m["total"] == true, m["all_users"] == true
	return q
}

func (s *archive) Append(ctx context.Context, user, key string, st *stanza.Element, when time.Time, with string) (string, error) {
	v, err := first(s.ask(ctx, "Append", user, key, st, seconds(when), with))
	id, _ := v.(string)
	return id, err
}

func (s *archive) Find(ctx context.Context, user string, q sdk.ArchiveQuery) ([]sdk.ArchiveEntry, int, error) {
	results, err := s.ask(ctx, "Find", user, queryMap(q))
	if err != nil {
		return nil, -1, err
	}
	rows, _ := Args(results).At(0).(sdk.Rows)
	entries := make([]sdk.ArchiveEntry, len(rows))
	for i, row := range rows {
		entries[i] = entryOf(row)
	}
	return entries, int(Args(results).Number(1)), nil
}

func entryOf(row Args) sdk.ArchiveEntry {
	return sdk.ArchiveEntry{ID: row.Text(0), Stanza: row.Stanza(1), When: timeOf(row.Number(2)), With: row.Text(3)}
}

func rowOf(e sdk.ArchiveEntry) []any { return []any{e.ID, e.Stanza, seconds(e.When), e.With} }

func (s *archive) Get(ctx context.Context, user, id string) (sdk.ArchiveEntry, error) {
	row, err := s.ask(ctx, "GetEntry", user, id)
	if err != nil {
		return sdk.ArchiveEntry{}, err
	}
	return entryOf(row), nil
}

func (s *archive) Replace(ctx context.Context, user, id string, st *stanza.Element, when time.Time, with string) error {
	_, err := s.ask(ctx, "Replace", user, id, st, seconds(when), with)
	return err
}

func (s *archive) Delete(ctx context.Context, user string, q sdk.ArchiveQuery) (int, error) {
	v, err := first(s.ask(ctx, "Delete", user, queryMap(q)))
	n, _ := v.(float64)
	return int(n), err
}

func (s *archive) Summary(ctx context.Context, user string, q sdk.ArchiveQuery) (map[string]int, error) {
	v, err := first(s.ask(ctx, "Summary", user, queryMap(q)))
	m, _ := v.(map[string]any)
	counts := make(map[string]int, len(m))
	for with, n := range m {
		f, _ := n.(float64)
		counts[with] = int(f)
	}
	return counts, err
}

func (s *archive) Dates(ctx context.Context, user string) ([]string, error) {
	v, err := first(s.ask(ctx, "Dates", user))
	return texts(v), err
}

func (s *archive) Users(ctx context.Context) iter.Seq2[string, error] {
	return users(s.ask(ctx, "Users"))
}

func (s *archive) Caps() sdk.ArchiveCaps {
	is := func(name string) bool { return s.Constant(name) == true }
	quota, _ := s.Constant("quota").(float64)
	return sdk.ArchiveCaps{
		Total: is("total"), Truncate: is("truncate"), FullIDRange: is("full_id_range"), IDs: is("ids"), WildcardDelete: is("wildcard_delete"), Quota: int(quota),
	}
}

// invokeArchive is the other end of archive's methods.
func invokeArchive(ctx context.Context, s sdk.Archive, method string, a Args) ([]any, error) {
	user := a.Text(0)
	switch method {
	case "Append":
		return one(s.Append(ctx, user, a.Text(1), a.Stanza(2), timeOf(a.Number(3)), a.Text(4)))
	case "Find":
		entries, total, err := s.Find(ctx, user, queryOf(a.Map(1)))
		rows := make(sdk.Rows, len(entries))
		for i, e := range entries {
			rows[i] = rowOf(e)
		}
		return []any{rows, total}, err
	case "GetEntry":
		e, err := s.Get(ctx, user, a.Text(1))
		return rowOf(e), err
	case "Replace":
		return nil, s.Replace(ctx, user, a.Text(1), a.Stanza(2), timeOf(a.Number(3)), a.Text(4))
	case "Delete":
		return one(s.Delete(ctx, user, queryOf(a.Map(1))))
	case "Summary":
		counts, err := s.Summary(ctx, user, queryOf(a.Map(1)))
		m := make(map[string]any, len(counts))
		for with, n := range counts {
			m[with] = n
		}
		return []any{m}, err
	case "Dates":
		return one(s.Dates(ctx, user))
	case "Users":
		return one(collect(s.Users(ctx)))
	}
	return nil, fmt.Errorf("archive: %w: %q", sdk.ErrNoMethod, method)
}

var _ sdk.Archive = (*archive)(nil)
