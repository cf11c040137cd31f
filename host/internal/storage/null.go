package storage

import (
	"context"
	"iter"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// nullDriver stands in for a driver that is not there: stores open, so that modules load, and every call says what is wrong.
type nullDriver struct{ err error }

func (d nullDriver) Open(_ context.Context, _, _, kind string) (any, error) {
	return nullStore(kind, d.err), nil
}

func (d nullDriver) Stores(context.Context, string, string) ([]string, error) { return nil, d.err }

func (d nullDriver) Purge(context.Context, string, string) error { return nil }
func (d nullDriver) Close() error                                { return nil }

// null is a store of every kind whose calls fail.
type null struct{ err error }

func (n null) Get(context.Context, string) (any, error)                      { return nil, n.err }
func (n null) Set(context.Context, string, any) error                        { return n.err }
func (n null) GetKey(context.Context, string, string) (any, error)           { return nil, n.err }
func (n null) SetKey(context.Context, string, string, any) error             { return n.err }
func (n null) SetKeys(context.Context, string, map[string]any) error         { return n.err }
func (n null) DeleteKeyFromAll(context.Context, string) error                { return n.err }
func (n null) GetKeyFromAll(context.Context, string) (map[string]any, error) { return nil, n.err }
func (n null) Users(context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) { yield("", n.err) }
}

// nullArchive is null as an archive, whose Get is another.
type nullArchive struct{ err error }

func (n nullArchive) Append(context.Context, string, string, *stanza.Element, time.Time, string) (string, error) {
	return "", n.err
}

func (n nullArchive) Find(context.Context, string, sdk.ArchiveQuery) ([]sdk.ArchiveEntry, int, error) {
	return nil, -1, n.err
}

func (n nullArchive) Get(context.Context, string, string) (sdk.ArchiveEntry, error) {
	return sdk.ArchiveEntry{}, n.err
}

func (n nullArchive) Replace(context.Context, string, string, *stanza.Element, time.Time, string) error {
	return n.err
}

func (n nullArchive) Delete(context.Context, string, sdk.ArchiveQuery) (int, error) { return 0, n.err }

func (n nullArchive) Summary(context.Context, string, sdk.ArchiveQuery) (map[string]int, error) {
	return nil, n.err
}

func (n nullArchive) Dates(context.Context, string) ([]string, error)    { return nil, n.err }
func (n nullArchive) Users(ctx context.Context) iter.Seq2[string, error] { return null(n).Users(ctx) }
func (n nullArchive) Caps() sdk.ArchiveCaps                              { return sdk.ArchiveCaps{} }

// nullStore is the failing store of a kind; one of an unknown kind implements nothing but keyval+.
func nullStore(kind string, err error) any {
	if kind == sdk.KindArchive {
		return nullArchive{err}
	}
	return null{err}
}

var (
	_ sdk.KeyvalPlus = null{}
	_ sdk.Archive    = nullArchive{}
)
