package main

import (
	"path/filepath"
	"reflect"
	"testing"
)

func TestMedian(t *testing.T) {
	for name, c := range map[string]struct {
		all  []result
		want result
	}{
		"one":                  {[]result{{CPU: 3}}, result{CPU: 3}},
		"by CPU time":          {[]result{{CPU: 3}, {CPU: 1}, {CPU: 2}}, result{CPU: 2}},
		"by memory":            {[]result{{CPU: 3, Idle: 1}, {CPU: 1, Idle: 9}, {CPU: 2, Idle: 5}}, result{CPU: 2, Idle: 5}},
		"the higher of two":    {[]result{{CPU: 1}, {CPU: 2}}, result{CPU: 2}},
		"latency on its own":   {[]result{{CPU: 1, P99: 9}, {CPU: 2, P99: 1}, {CPU: 3, P99: 5}}, result{CPU: 2, P99: 5}},
		"memory that was less": {[]result{{CPU: 3, Idle: -1}}, result{CPU: 3, Idle: -1}},
	} {
		if got := median(c.all); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

func TestReplacedBy(t *testing.T) {
	whole := &report{Took: 60, Rounds: 3, Growth: []curve{{Title: "old"}}, Results: map[string]map[string][]result{
		"fanout": {"prosody": {{CPU: 50}}, "quatrain-go": {{CPU: 3}}}, "join": {"prosody": {{CPU: 80}}}}}
	part := &report{Took: 5, Rounds: 1, Results: map[string]map[string][]result{"fanout": {"quatrain-go": {{CPU: 2}}}}}
	got := whole.replacedBy(part)
	want := &report{Took: 65, Rounds: 1, Growth: whole.Growth, Results: map[string]map[string][]result{
		"fanout": {"prosody": {{CPU: 50}}, "quatrain-go": {{CPU: 2}}}, "join": {"prosody": {{CPU: 80}}}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if whole.Results["fanout"]["quatrain-go"][0].CPU != 3 {
		t.Error("what was replaced has changed, too")
	}
}

func TestReportIsKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "results.json")
	r := newReport()
	r.Machine, r.Pinned, r.Growth = thisMachine(), true, []curve{{Title: "a", Series: []series{{"quatrain-go", []point{{1, 2}}}}}}
	r.add("fanout", "prosody", result{Operations: 5, CPU: 2, P99: 3})
	if err := r.save(file); err != nil {
		t.Fatal(err)
	}
	if got, err := loadReport(file); err != nil || !reflect.DeepEqual(got, r) {
		t.Errorf("got %+v, %v, want %+v", got, err, r)
	}
}
