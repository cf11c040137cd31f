package mucregister

import (
	"context"
	"sync"

	"quatrain/plugins/muc_core/muc"
	"quatrain/sdk"
)

// index is who has reserved what in one room: to others, a table from nick to bare JID. Safe for concurrent use.
type index struct {
	*sdk.Table

	mu        sync.RWMutex      // guards the rest
	byNick    map[string]string // nick → bare JID
	byLooks   map[string]string // what it looks like → bare JID
	byHolder  map[string]string // bare JID → nick
	ambiguous bool              // two have nicks that look alike, so that what is left without one of them only the room knows
	changing  bool              // an affiliation may have changed since that was told last
}

// build asks the room. In Prosody's data outcasts may have nicks.
func build(ctx context.Context, room muc.Room) (*index, error) {
	all, err := room.Affiliates(ctx, "")
	if err != nil {
		return nil, err
	}
	ix := &index{Table: sdk.NewTable(nil, nil), byNick: map[string]string{}, byLooks: map[string]string{}, byHolder: map[string]string{}, changing: true}
	for _, a := range all {
		if nick, _ := a.Data[reservedNick].(string); nick != "" && a.Affiliation != muc.Outcast {
			ix.add(ctx, a.JID, nick)
		}
	}
	return ix, nil
}

func (ix *index) add(ctx context.Context, holder, nick string) {
	ix.note(ix.byNick, nick, holder)
	ix.byHolder[holder] = nick
	_ = ix.Set(ctx, nick, holder) // a table of ours, which takes everything
	for _, look := range looks(nick) {
		ix.note(ix.byLooks, look, holder)
	}
}

func (ix *index) note(by map[string]string, text, holder string) {
	if other := by[text]; other != "" && other != holder {
		ix.ambiguous = true
	}
	by[text] = holder
}

// update gives a bare JID the nick, "" for none. It is false if the room has to be asked instead.
func (ix *index) update(ctx context.Context, holder, nick string) bool {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if old := ix.byHolder[holder]; old != "" && old != nick {
		delete(ix.byHolder, holder)
		delete(ix.byNick, old)
		_ = ix.Set(ctx, old, nil)
		for _, look := range looks(old) {
			delete(ix.byLooks, look)
		}
	}
	if nick != "" {
		ix.add(ctx, holder, nick)
	}
	ix.changing = false
	return !ix.ambiguous
}

// first tells whether this is the first change since the index was brought up to date.
func (ix *index) first() bool {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	changing := ix.changing
	ix.changing = true
	return !changing
}

// exactly is the bare JID that has reserved this nick, "" if nobody has.
func (ix *index) exactly(nick string) string {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.byNick[nick]
}

// holder is the bare JID that has reserved this nick or one that looks like it.
func (ix *index) holder(nick string) string {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if holder := ix.byNick[nick]; holder != "" || len(ix.byNick) == 0 {
		return holder
	}
	seen := looks(nick)
	if holder := ix.byLooks[seen[0]]; holder != "" {
		return holder
	}
	return ix.byLooks[seen[1]]
}
