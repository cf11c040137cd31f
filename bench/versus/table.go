package main

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// markdown is a table whose columns are padded, so that it can be read as text, too. The first row is the head.
func markdown(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for n, row := range rows {
		for i, cell := range row {
			b.WriteString("| " + cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)) + " ")
		}
		b.WriteString("|\n")
		if n > 0 {
			continue
		}
		for _, width := range widths {
			b.WriteString("|" + strings.Repeat("-", width+2))
		}
		b.WriteString("|\n")
	}
	return b.String()
}

// summary is a row for each goal whose scenario was measured on our server.
func (r *report) summary() string {
	rows := [][]string{{"what", "Prosody", "ejabberd", "Quatrain", "against Prosody (goal)", "against ejabberd (goal)"}}
	for _, g := range goals {
		ours, found := r.of(g.scenario, g.server)
		if !found {
			continue
		}
		row := []string{g.title, "", "", figure(g.value(ours)) + " " + g.unit, "", ""}
		for i, peer := range []struct {
			name string
			want float64
		}{{"prosody", g.prosody}, {"ejabberd", g.ejabberd}} {
			if theirs, found := r.of(g.scenario, peer.name); found {
				row[1+i] = figure(g.value(theirs)) + " " + g.unit
				row[4+i] = g.verdict(g.value(ours), g.value(theirs), peer.want)
			}
		}
		rows = append(rows, row)
	}
	return markdown(rows)
}

// details is a table for each scenario that was measured: all servers, all figures.
func (r *report) details() string {
	var b strings.Builder
	for _, s := range scenarios {
		if len(r.Results[s.name]) == 0 {
			continue
		}
		fmt.Fprintf(&b, "### `%s`: %s\n\n", s.name, s.summary)
		rows := [][]string{{"server", "CPU µs per " + s.unit, "clients' CPU µs", "per second", "p50 ms", "p99 ms", "max ms", "RSS MiB", "KB per session"}}
		for _, on := range servers {
			m, found := r.of(s.name, on.name)
			switch {
			case found:
				rows = append(rows, []string{on.name, figure(m.CPU), figure(m.Client), fmt.Sprintf("%.0f", m.PerSecond), figure(m.P50), figure(m.P99), figure(m.Max),
					fmt.Sprint(m.RSS >> 20), figure(m.Idle)})
			case on.lacks[s.name] != "":
				rows = append(rows, []string{on.name, on.lacks[s.name], "", "", "", "", "", "", ""})
			}
		}
		b.WriteString(markdown(rows) + "\n")
	}
	return b.String()
}

// figure shows a number with about three digits; "" for 0, which is what was not measured.
func figure(v float64) string {
	switch {
	case v == 0:
		return ""
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
