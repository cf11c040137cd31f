package main

import (
	"fmt"
	"html"
	"strings"
)

// look is the style of both plots. They have no ground of their own, and colours that can be read on a light one and on a dark one: a media query would
// ask the reader's system, which need not be of the page's opinion.
const look = `<style>
text { font: 11px sans-serif; fill: #717b87 }
.head { font-weight: bold; font-size: 12px }
.prosody { fill: #8c959f } .ejabberd { fill: #d08a2e }
.quatrain-go { fill: #2f81f7 } .quatrain-lua { fill: #2da44e } .quatrain-mod_muc { fill: #a371f7 }
.line { fill: none; stroke-width: 2 }
.quatrain-go.line { stroke: #2f81f7; fill: none } .quatrain-lua.line { stroke: #2da44e; fill: none }
.axis { stroke: #8c959f; stroke-width: 1; fill: none }
.middle { text-anchor: middle }
</style>
`

// svg is a picture with its description for those who cannot see it.
func svg(width, height int, title, body string) []byte {
	return fmt.Appendf(nil, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%[1]d\" height=\"%[2]d\" role=\"img\">\n<title>%s</title>\n%s%s</svg>\n",
		width, height, html.EscapeString(title), look, body)
}

func label(x, y float64, class, text string) string {
	return fmt.Sprintf("<text x=\"%.1f\" y=\"%.1f\"%s>%s</text>\n", x, y, class, html.EscapeString(text))
}

const (
	plotColumns = 2
	columnWidth = 420
	nameWidth   = 126
	barSpace    = columnWidth - nameWidth - 104 // behind a bar stands a figure
	barHeight   = 14
)

// names of servers in a plot.
var names = map[string]string{"prosody": "Prosody", "ejabberd": "ejabberd", "quatrain-go": "Quatrain, Go", "quatrain-lua": "Quatrain, Lua", "quatrain-mod_muc": "Quatrain, mod_muc"}

// bars are what servers take in each scenario, as long as they are beside Prosody's. Shorter is better.
func (r *report) bars() []byte {
	var b strings.Builder
	heights := [plotColumns]float64{24, 24}
	b.WriteString(label(0, 12, "", "Server CPU time per operation, or memory per session, beside Prosody's. Shorter is better."))
	for _, s := range scenarios {
		column := 0
		for i, h := range heights {
			if h < heights[column] {
				column = i
			}
		}
		heights[column] += r.group(&b, s, float64(column*columnWidth), heights[column])
	}
	return svg(plotColumns*columnWidth, int(max(heights[0], heights[1])), "What Quatrain takes beside Prosody and ejabberd", b.String())
}

// group draws a scenario's bars and says how high they stand.
func (r *report) group(b *strings.Builder, s scenario, x, top float64) (height float64) {
	reference := 0.0
	if p, found := r.of(s.name, "prosody"); found {
		reference = cost(p)
	}
	unit := "µs"
	y := top + 16
	for _, on := range servers {
		m, found := r.of(s.name, on.name)
		if !found || reference <= 0 {
			continue
		}
		if m.Idle != 0 {
			unit = "KB"
		}
		part := max(0, cost(m)/reference)
		width := min(part, 1.15) * barSpace / 1.15 // one that is longer than the space ends there, and its figure tells
		b.WriteString(label(x+8, y+barHeight-3, "", names[on.name]))
		fmt.Fprintf(b, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>\n", on.name, x+nameWidth, y+1, max(1, width), barHeight-2)
		b.WriteString(label(x+nameWidth+max(1, width)+5, y+barHeight-3, "", figure(cost(m))+" "+unit+share(on.name, part)))
		y += barHeight
	}
	if y == top+16 {
		return 0
	}
	b.WriteString(label(x, top+12, ` class="head"`, s.title))
	return y - top + 12
}

// share says how much of Prosody's a server takes.
func share(server string, part float64) string {
	if server == "prosody" {
		return ""
	}
	return fmt.Sprintf(" (%.0f %%)", part*100)
}
