package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
)

// report is all that a run has found.
type report struct {
	Machine machine                        `json:"machine"`
	Pinned  bool                           `json:"pinned"` // the server had one core for itself
	Rounds  int                            `json:"rounds"`
	Length  float64                        `json:"length_seconds"` // of a measurement
	Took    float64                        `json:"took_seconds"`   // the whole run
	Results map[string]map[string][]result `json:"results"`        // by scenario and server, one of each round
	Growth  []curve                        `json:"growth,omitempty"`
}

func newReport() *report { return &report{Results: map[string]map[string][]result{}} }

func (r *report) add(scenario, server string, one result) {
	if r.Results[scenario] == nil {
		r.Results[scenario] = map[string][]result{}
	}
	r.Results[scenario][server] = append(r.Results[scenario][server], one)
}

// replacedBy is the report with what a later one of a part of it has found.
func (r *report) replacedBy(part *report) *report {
	whole := *part
	whole.Took, whole.Results = r.Took+part.Took, maps.Clone(r.Results)
	for scenario, servers := range part.Results {
		whole.Results[scenario] = maps.Clone(servers)
		for server, old := range r.Results[scenario] {
			if _, again := servers[server]; !again {
				whole.Results[scenario][server] = old
			}
		}
	}
	if len(part.Growth) == 0 {
		whole.Growth = r.Growth
	}
	return &whole
}

// of is the median of what a server took; found is false if it was not measured.
func (r *report) of(scenario, server string) (m result, found bool) {
	all := r.Results[scenario][server]
	if len(all) == 0 {
		return m, false
	}
	return median(all), true
}

// median is the result whose cost is in the middle, the higher one of two. Its latencies are those medians by themselves.
func median(all []result) result {
	m := middle(all, cost)
	m.P50, m.P99, m.Max = middle(all, func(r result) float64 { return r.P50 }).P50, middle(all, func(r result) float64 { return r.P99 }).P99, middle(all, func(r result) float64 { return r.Max }).Max
	return m
}

func middle(all []result, by func(result) float64) result {
	sorted := slices.SortedFunc(slices.Values(all), func(a, b result) int { return cmp.Compare(by(a), by(b)) })
	return sorted[len(sorted)/2]
}

// cost is what servers are compared by: memory of what is idle, else CPU time.
func cost(r result) float64 {
	if r.Idle != 0 {
		return r.Idle
	}
	return r.CPU
}

func (r *report) save(file string) error {
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}

func loadReport(file string) (*report, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	r := newReport()
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return r, nil
}
