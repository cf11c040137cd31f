package collector

import (
	"runtime"
	"testing"
)

const mib = 1 << 20

func TestPercent(t *testing.T) {
	tests := map[string]struct {
		before, now memory
		want        int
	}{
		"much stays":          {memory{1, 100 * mib, 40 * mib, 0, 0, 0}, memory{2, 150 * mib, 50 * mib, 0, 0, 0}, growingPercent},
		"garbage":             {memory{1, 100 * mib, 40 * mib, 0, 0, 0}, memory{2, 300 * mib, 41 * mib, 0, 0, 0}, Percent},
		"shrinks":             {memory{1, 100 * mib, 40 * mib, 0, 0, 0}, memory{2, 300 * mib, 30 * mib, 0, 0, 0}, Percent},
		"small":               {memory{1, 100 * mib, 4 * mib, 0, 0, 0}, memory{2, 150 * mib, 15 * mib, 0, 0, 0}, Percent},
		"no collection since": {memory{1, 100 * mib, 40 * mib, 0, 0, 0}, memory{1, 150 * mib, 50 * mib, 0, 0, 0}, Percent},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			tn := newTuner(tc.before)
			tn.next(tc.now)
			if tn.percent != tc.want {
				t.Errorf("percent = %d, want %d", tn.percent, tc.want)
			}
		})
	}
}

func TestGivingBack(t *testing.T) {
	garbage := memory{live: 10 * mib, objects: 30 * mib, resident: 50 * mib}
	tests := map[string]struct {
		now  memory
		made []uint64 // in each interval
		want bool     // in the last one
	}{
		"quiet":               {garbage, []uint64{9 * mib, 0, 1000}, true},
		"quiet only now":      {garbage, []uint64{9 * mib, 0}, false},
		"busy":                {garbage, []uint64{9 * mib, 9 * mib, 9 * mib}, false},
		"busy again":          {garbage, []uint64{0, 0, 9 * mib}, false},
		"free but held":       {memory{live: 10 * mib, objects: 10 * mib, free: 20 * mib, resident: 50 * mib}, []uint64{0, 0}, true},
		"little":              {memory{live: 10 * mib, objects: 15 * mib, resident: 20 * mib}, []uint64{0, 0}, false},
		"little of much":      {memory{live: 900 * mib, objects: 920 * mib, resident: 990 * mib}, []uint64{0, 0}, false},
		"right after a sweep": {memory{live: 10 * mib, objects: 9 * mib, resident: 50 * mib}, []uint64{0, 0}, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			tn := newTuner(memory{})
			got := false
			for _, n := range tc.made {
				tc.now.allocated += n
				got = tn.next(tc.now)
			}
			if got != tc.want {
				t.Errorf("give back = %v, want %v", got, tc.want)
			}
		})
	}
}

func TestLook(t *testing.T) {
	before := look()
	runtime.GC()
	m := look()
	if m.cycles <= before.cycles || m.allocated == 0 || m.live == 0 || m.objects == 0 || m.resident < m.objects {
		t.Errorf("look = %+v after %+v", m, before)
	}
}
