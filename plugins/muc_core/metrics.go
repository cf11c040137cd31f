package muccore

import (
	"sync/atomic"

	"quatrain/sdk"
)

// roomMetrics count how rooms are found in memory and brought there (M27).
type roomMetrics struct {
	hit, miss, eviction sdk.Metric
	live                sdk.Metric
	hits                atomic.Int64 // that hit has not been told of: each stanza to a room is one
}

// update brings up to date what is counted here.
func (m *roomMetrics) update(live int) {
	m.live.Set(float64(live))
	if n := m.hits.Swap(0); n > 0 {
		m.hit.Add(float64(n))
	}
}

func (s *service) newRoomMetrics() *roomMetrics {
	rate := func(name string) sdk.Metric { return s.m.Metric("counter", name, "", "").With() }
	return &roomMetrics{
		hit: rate("room_hit"), miss: rate("room_miss"), eviction: rate("room_eviction"),
		live: s.m.Metric("gauge", "live_room", "", "").With(),
	}
}
