package muccore

import (
	"context"

	"quatrain/sdk"
)

// reservedIndex is who has reserved what in one room: to others, a table from nick to bare JID. It belongs to who is in the room.
type reservedIndex struct {
	*sdk.Table

	byNick    map[string]string    // nick → bare JID
	byLooks   map[string]string    // what it looks like → bare JID
	byHolder  map[string]nickOfOne // bare JID → what it has reserved
	ambiguous bool                 // two have nicks that look alike, so that what is left without one of them only the room knows
	changing  bool                 // an affiliation may have changed since that was told last
	last      nickOfOne            // that was looked up
}

// nickOfOne is a nick and what it looks like.
type nickOfOne struct {
	nick  string
	looks [2]string
}

func newReservedIndex() *reservedIndex {
	return &reservedIndex{Table: sdk.NewTable(nil, nil), byNick: map[string]string{}, byLooks: map[string]string{}, byHolder: map[string]nickOfOne{}}
}

// indexReserved asks the room. In Prosody's data outcasts may have nicks.
func (r *Room) indexReserved(ctx context.Context) *reservedIndex {
	ix := newReservedIndex()
	ix.changing = true
	for jid, data := range r.eachAffiliation("") {
		if nick, _ := data[reservedNick].(string); nick != "" && r.affiliations[jid] != outcast {
			ix.add(ctx, jid, nick)
		}
	}
	return ix
}

// looked is a nick with its looks, which take longer than the rest of a look-up.
func (ix *reservedIndex) looked(nick string) nickOfOne {
	if ix.last.nick != nick {
		ix.last = nickOfOne{nick, looks(nick)}
	}
	return ix.last
}

func (ix *reservedIndex) add(ctx context.Context, holder, nick string) {
	n := ix.looked(nick)
	ix.note(ix.byNick, nick, holder)
	ix.byHolder[holder] = n
	_ = ix.Set(ctx, nick, holder) // a table of ours, which takes everything
	for _, look := range n.looks {
		ix.note(ix.byLooks, look, holder)
	}
}

func (ix *reservedIndex) note(by map[string]string, text, holder string) {
	if other := by[text]; other != "" && other != holder {
		ix.ambiguous = true
	}
	by[text] = holder
}

// update gives a bare JID the nick, "" for none. It is false if the room has to be asked instead.
func (ix *reservedIndex) update(ctx context.Context, holder, nick string) bool {
	if old := ix.byHolder[holder]; old.nick != "" && old.nick != nick {
		delete(ix.byHolder, holder)
		delete(ix.byNick, old.nick)
		_ = ix.Set(ctx, old.nick, nil)
		for _, look := range old.looks {
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
func (ix *reservedIndex) first() bool {
	changing := ix.changing
	ix.changing = true
	return !changing
}

// exactly is the bare JID that has reserved this nick, "" if nobody has.
func (ix *reservedIndex) exactly(nick string) string { return ix.byNick[nick] }

// holder is the bare JID that has reserved this nick or one that looks like it.
func (ix *reservedIndex) holder(nick string) string {
	if holder := ix.byNick[nick]; holder != "" || len(ix.byNick) == 0 {
		return holder
	}
	seen := ix.looked(nick).looks
	if holder := ix.byLooks[seen[0]]; holder != "" {
		return holder
	}
	return ix.byLooks[seen[1]]
}
