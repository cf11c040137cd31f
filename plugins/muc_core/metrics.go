package muccore

import "quatrain/sdk"

// roomMetrics count how rooms are found in memory and brought there (M27).
type roomMetrics struct {
	hit, miss, eviction sdk.Metric
	live                sdk.Metric
}

func (s *service) newRoomMetrics() roomMetrics {
	rate := func(name string) sdk.Metric { return s.m.Metric("counter", name, "", "").With() }
	return roomMetrics{
		hit: rate("room_hit"), miss: rate("room_miss"), eviction: rate("room_eviction"),
		live: s.m.Metric("gauge", "live_room", "", "").With(),
	}
}
