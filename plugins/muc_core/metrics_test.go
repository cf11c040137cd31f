package muccore

import "testing"

// sum is a metric that adds up.
type sum struct {
	noMetric
	total float64
}

func (s *sum) Add(n float64) { s.total += n }

// What was counted here is told of once, when somebody looks.
func TestHitsAreToldOf(t *testing.T) {
	hit := &sum{}
	m := &roomMetrics{hit: hit, live: noMetric{}}
	for range 3 {
		m.hits.Add(1)
	}
	m.update(1)
	m.update(1)
	if hit.total != 3 {
		t.Errorf("%v hits are known, want 3", hit.total)
	}
}
