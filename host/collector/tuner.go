package collector

import "runtime/metrics"

// memory is the heap at some time, in bytes.
type memory struct {
	cycles    uint64 // of the collector since the start, a number
	allocated uint64 // since the start
	live      uint64 // what the last collection has found in use
	objects   uint64 // in use, or not yet collected
	free      uint64 // held for later
	resident  uint64 // taken from the system
}

// look reads what the runtime counts anyway.
func look() memory {
	s := []metrics.Sample{
		{Name: "/gc/cycles/total:gc-cycles"}, {Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/live:bytes"},
		{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/free:bytes"},
		{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"},
	}
	metrics.Read(s)
	n := func(i int) uint64 { return s[i].Value.Uint64() }
	return memory{cycles: n(0), allocated: n(1), live: n(2), objects: n(3), free: n(4), resident: n(5) - n(6)}
}

const (
	// smallHeap need not be tuned.
	smallHeap = 16 << 20
	// survivors is which part of what is made must stay for the heap to count as growing: one of so many.
	survivors = 20
	// quietRate is how many bytes may be made in an interval when the server counts as quiet.
	quietRate = 1 << 20
	// quietTimes is how many intervals it must have been quiet in a row.
	quietTimes = 2
	// worthwhile is what must be gained by giving memory back: so many bytes, and one part of so many.
	worthwhile, worthwhilePart = 8 << 20, 10
)

// tuner looks at the heap again and again.
type tuner struct {
	percent   int    // GOGC
	collected memory // when a collection was last seen
	last      memory
	quiet     int // intervals in a row
}

func newTuner(m memory) *tuner { return &tuner{percent: Percent, collected: m, last: m} }

// next sets percent; giveBack is whether to collect now and give memory back, since nobody is in need of the time or the memory.
func (t *tuner) next(m memory) (giveBack bool) {
	if m.cycles != t.collected.cycles {
		t.percent = Percent
		made := m.allocated - t.collected.allocated
		if m.live > smallHeap && m.live > t.collected.live+made/survivors {
			t.percent = growingPercent
		}
		t.collected = m
	}
	t.quiet++
	if m.allocated-t.last.allocated > quietRate {
		t.quiet = 0
	}
	t.last = m
	return t.quiet >= quietTimes && t.worthwhile(m)
}

func (t *tuner) worthwhile(m memory) bool {
	gain := m.free
	if m.objects > m.live {
		gain += m.objects - m.live
	}
	return gain > worthwhile && gain > m.resident/worthwhilePart
}
