package muccore

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// However people come, change and go, the order is that of arrival.
func TestOrderOfArrival(t *testing.T) {
	r := (&service{}).newRoom("room@x", nil)
	arrivals := uint64(0)
	nicks := []string{"a", "b", "c", "d", "e"}
	random := rand.New(rand.NewPCG(1, 2))
	for step := range 2000 {
		nick := nicks[random.IntN(len(nicks))]
		old := r.occupants[nick]
		switch {
		case old == nil:
			arrivals++
			r.setOccupant(nick, &Occupant{nick: nick, arrival: arrivals})
		case random.IntN(2) == 0:
			r.setOccupant(nick, &Occupant{nick: nick, arrival: old.arrival})
		default:
			r.setOccupant(nick, nil)
			if random.IntN(3) == 0 { // the change is called off
				r.setOccupant(nick, old)
			}
		}
		if random.IntN(3) == 0 {
			continue // nobody looks
		}
		want := slices.SortedFunc(maps.Values(r.occupants), func(a, b *Occupant) int { return int(a.arrival) - int(b.arrival) })
		if !slices.Equal(r.inOrder(), want) {
			t.Fatalf("step %d: want %v, got %v", step, want, r.inOrder())
		}
	}
}
