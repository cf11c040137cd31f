// Package metric keeps the measurements of modules in OpenMetrics' model: families with labels, each series a gauge, a counter or a
// summary of samples.
package metric

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"quatrain/sdk"
)

// Registry holds the families. Safe for concurrent use.
type Registry struct {
	mu       sync.Mutex // guards families
	families map[string]*Family
}

// Family implements sdk.MetricFamily.
type Family struct {
	Kind, Name, Unit, Description string
	Labels                        []string

	mu     sync.Mutex // guards series
	series map[string]*Series
}

// Series implements sdk.Metric.
type Series struct {
	labels []string

	mu    sync.Mutex // guards value, sum and count
	value float64
	sum   float64
	count uint64
}

// NewRegistry makes an empty registry.
func NewRegistry() *Registry { return &Registry{families: map[string]*Family{}} }

// Family is the family of a name, made at its first mention.
func (r *Registry) Family(kind, name, unit, description string, labels ...string) *Family {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.families[name]
	if f == nil {
		f = &Family{Kind: kind, Name: name, Unit: unit, Description: description, Labels: labels, series: map[string]*Series{}}
		r.families[name] = f
	}
	return f
}

// Families lists all, by name.
func (r *Registry) Families() []*Family {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.SortedFunc(maps.Values(r.families), func(a, b *Family) int { return cmp.Compare(a.Name, b.Name) })
}

// With is the series with these label values, in the order of the family's labels.
func (f *Family) With(labels ...string) sdk.Metric {
	key := strings.Join(labels, "\x00")
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.series[key]
	if s == nil {
		s = &Series{labels: slices.Clone(labels)}
		f.series[key] = s
	}
	return s
}

// Reset forgets all series, which are counted anew.
func (f *Family) Reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.series)
}

// Each calls show for every series with its labels, current value, sum of samples and number of samples.
func (f *Family) Each(show func(labels []string, value, sum float64, count uint64)) {
	f.mu.Lock()
	list := slices.Collect(maps.Values(f.series))
	f.mu.Unlock()
	for _, s := range list {
		s.mu.Lock()
		value, sum, count := s.value, s.sum, s.count
		s.mu.Unlock()
		show(s.labels, value, sum, count)
	}
}

// Set replaces the value.
func (s *Series) Set(v float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.value = v
}

// Add adds to the value.
func (s *Series) Add(v float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.value += v
}

// Sample records one observation.
func (s *Series) Sample(v float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sum += v
	s.count++
}

var _ sdk.MetricFamily = (*Family)(nil)
