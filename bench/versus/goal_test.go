package main

import "testing"

func TestVerdict(t *testing.T) {
	times, part := goal{}, goal{share: true}
	for name, c := range map[string]struct {
		goal             goal
		ours, peer, want float64
		verdict          string
	}{
		"reached":        {times, 2, 50, 12, "**25×** (≥ 12×)"},
		"just":           {times, 2, 24, 12, "**12×** (≥ 12×)"},
		"missed":         {times, 2, 5, 12, "2.5× (≥ 12×, missed)"},
		"no goal":        {times, 2, 5, 0, "2.5×"},
		"slower":         {times, 4, 2, 1, "0.50× (≥ 1×, missed)"},
		"part":           {part, 10, 40, 0.35, "**0.25×** (≤ 0.35×)"},
		"part missed":    {part, 20, 40, 0.35, "0.50× (≤ 0.35×, missed)"},
		"nothing taken":  {times, 0, 40, 12, ""},
		"peer unknown":   {times, 2, 0, 12, ""},
		"less than none": {part, -1, 40, 0.35, ""},
	} {
		if got := c.goal.verdict(c.ours, c.peer, c.want); got != c.verdict {
			t.Errorf("%s: got %q, want %q", name, got, c.verdict)
		}
	}
}

// TestGoalsName finds goals of scenarios or servers that there are not.
func TestGoalsName(t *testing.T) {
	for _, g := range goals {
		on, known := serverOf(g.server)
		if _, found := scenarioOf(g.scenario); !found || !known || on.lacks[g.scenario] != "" {
			t.Errorf("%q: %s is not played on %s", g.title, g.scenario, g.server)
		}
	}
}
