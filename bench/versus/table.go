package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
)

// table is all results: by scenario, by server, one of each round.
type table struct {
	plan *plan
	all  map[string]map[string][]result
}

func newTable(p *plan) *table { return &table{p, map[string]map[string][]result{}} }

func (t *table) add(scenario, server string, r result) {
	if t.all[scenario] == nil {
		t.all[scenario] = map[string][]result{}
	}
	t.all[scenario][server] = append(t.all[scenario][server], r)
}

// median is the result whose cost is in the middle.
func median(all []result) result {
	sorted := slices.SortedFunc(slices.Values(all), func(a, b result) int { return cmp.Compare(cost(a), cost(b)) })
	return sorted[len(sorted)/2]
}

// cost is what servers are compared by: memory of what is idle, else CPU time.
func cost(r result) float64 {
	if r.Idle > 0 {
		return r.Idle
	}
	return r.CPU
}

func (t *table) write(p *plan) error {
	if err := t.print(os.Stdout); err != nil {
		return err
	}
	if p.json != "" {
		if err := t.writeJSON(p.json); err != nil {
			return err
		}
	}
	if p.svg != "" {
		return os.WriteFile(p.svg, t.plot(), 0o644)
	}
	return nil
}

// print shows a Markdown table for each scenario: figures, and how many times more the others take than ours that is the cheapest.
func (t *table) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', 0)
	for _, s := range t.plan.scenarios {
		fmt.Fprintf(w, "\n%s: %s\n\n", s.name, s.summary)
		fmt.Fprintf(w, "| server\t| CPU µs per %s\t| per second\t| p50 ms\t| p99 ms\t| max ms\t| RSS MiB\t| KB per session\t|\n", s.unit)
		fmt.Fprintln(w, "|---\t|---\t|---\t|---\t|---\t|---\t|---\t|---\t|")
		for _, on := range t.plan.servers {
			if on.lacks[s.name] != "" {
				fmt.Fprintf(w, "| %s\t| %s\t|\t|\t|\t|\t|\t|\t|\n", on.name, on.lacks[s.name])
				continue
			}
			if len(t.all[s.name][on.name]) == 0 {
				continue // it failed
			}
			r := median(t.all[s.name][on.name])
			fmt.Fprintf(w, "| %s\t| %.2f\t| %.0f\t| %s\t| %s\t| %s\t| %d\t| %s\t|\n", on.name, r.CPU, r.PerSecond, some(r.P50), some(r.P99), some(r.Max), r.RSS>>20, some(r.Idle))
		}
	}
	return w.Flush()
}

func some(v float64) string {
	if v == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", v)
}

func (t *table) writeJSON(file string) error {
	text, err := json.MarshalIndent(t.all, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}

const (
	plotWidth, labelWidth, barHeight = 760, 240, 16
	barSpace                         = plotWidth - labelWidth - 80
)

// plot is a bar for each server in each scenario (SVG), the longest as long as there is room.
func (t *table) plot() []byte {
	var b strings.Builder
	y := 20
	for _, s := range t.plan.scenarios {
		longest := 0.0
		for _, on := range t.plan.servers {
			if all := t.all[s.name][on.name]; len(all) > 0 {
				longest = max(longest, cost(median(all)))
			}
		}
		unit := "µs per " + s.unit
		if strings.HasPrefix(s.name, "idle") {
			unit = "KB per " + s.unit
		}
		fmt.Fprintf(&b, "<text x=\"0\" y=\"%d\" font-weight=\"bold\">%s, %s</text>\n", y, s.name, unit)
		y += 8
		for _, on := range t.plan.servers {
			all := t.all[s.name][on.name]
			if len(all) == 0 {
				continue
			}
			v := cost(median(all))
			colour := "#b0b0b0"
			if strings.HasPrefix(on.name, "quatrain") {
				colour = "#3060a0"
			}
			fmt.Fprintf(&b, "<text x=\"12\" y=\"%d\">%s</text><rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/><text x=\"%.1f\" y=\"%d\">%.1f</text>\n",
				y+barHeight-4, on.name, labelWidth, y+1, max(1, v/longest*barSpace), barHeight-2, colour, labelWidth+max(1, v/longest*barSpace)+6, y+barHeight-4, v)
			y += barHeight
		}
		y += 28
	}
	return fmt.Appendf(nil, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n%s</svg>\n", plotWidth, y, b.String())
}
