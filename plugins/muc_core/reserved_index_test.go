package muccore

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// reservations are what an index should know: bare JID → nick.
type reservations map[string]string

func (r reservations) index(ctx context.Context) *reservedIndex {
	ix := newReservedIndex()
	for holder, nick := range r {
		ix.add(ctx, holder, nick)
	}
	return ix
}

// holders are those who have this nick, or else those who have one that looks like it.
func (r reservations) holders(nick string) (exact, alike []string) {
	for holder, other := range r {
		if other == nick {
			exact = append(exact, holder)
		}
		if a, b := looks(nick), looks(other); a[0] == b[0] || a[1] == b[1] {
			alike = append(alike, holder)
		}
	}
	return exact, alike
}

// An index that is brought up to date knows what one that is built anew does.
func TestReservedIndexFollows(t *testing.T) {
	ctx, random := context.Background(), rand.New(rand.NewPCG(1, 2))
	nicks := []string{"", "Nurse", "nurse", "NURSE ", "Peter", "Pеter", "Balthasar", "Balthаsar", "I", "l"}
	want := reservations{}
	ix := want.index(ctx)
	rebuilt := 0
	for range 3000 {
		holder, nick := fmt.Sprintf("user%d@localhost", random.IntN(6)), nicks[random.IntN(len(nicks))]
		delete(want, holder)
		if nick != "" {
			want[holder] = nick
		}
		if !ix.update(ctx, holder, nick) {
			ix = want.index(ctx)
			rebuilt++
		}
		for _, asked := range nicks[1:] {
			exact, alike := want.holders(asked)
			got := ix.holder(asked)
			if allowed := append(exact, alike...); got == "" && len(allowed) > 0 || got != "" && !slices.Contains(allowed, got) {
				t.Fatalf("%q is held by %q, want one of %q; %v", asked, got, allowed, want)
			}
			shown, _ := ix.Get(ctx, asked)
			if holder, _ := shown.(string); holder != ix.exactly(asked) || (holder == "") != (len(exact) == 0) {
				t.Fatalf("%q is shown with %q, and held by %q; want %q", asked, shown, ix.exactly(asked), exact)
			}
		}
	}
	if rebuilt == 0 || rebuilt == 3000 {
		t.Errorf("built anew %d times", rebuilt)
	}
}

// Only the first change since the index was right may use it.
func TestReservedIndexTellsFirstChange(t *testing.T) {
	ix := reservations{"a@localhost": "Nurse"}.index(context.Background())
	got := []bool{ix.first(), ix.first()}
	ix.update(context.Background(), "b@localhost", "Peter")
	got = append(got, ix.first(), ix.first())
	if want := []bool{true, false, true, false}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
