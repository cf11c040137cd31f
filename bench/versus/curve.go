package main

import (
	"fmt"
	"math"
	"strings"
)

// curve is how something grows.
type curve struct {
	Title  string   `json:"title"`
	Of     string   `json:"of"`   // what grows along the axis
	Unit   string   `json:"unit"` // of the values
	Series []series `json:"series"`
}

// series is one server's part of a curve.
type series struct {
	Server string  `json:"server"`
	Points []point `json:"points"`
}

type point struct {
	N     int     `json:"n"`
	Value float64 `json:"value"`
}

const panelWidth, panelHeight, panelLeft, panelBottom, panelTop = 420.0, 210.0, 44.0, 36.0, 26.0

// curves are small panels, two beside each other: logarithmic to the right, linear from 0 upwards.
func curves(all []curve) []byte {
	var b strings.Builder
	for i, c := range all {
		c.draw(&b, float64(i%2)*panelWidth, float64(i/2)*panelHeight)
	}
	rows := (len(all) + 1) / 2
	return svg(2*int(panelWidth), max(rows, 1)*int(panelHeight), "How the cost grows with what a server has", b.String())
}

func (c curve) draw(b *strings.Builder, x, y float64) {
	lowest, highest, top := c.bounds()
	left, right, floor, ceiling := x+panelLeft, x+panelWidth-34, y+panelHeight-panelBottom, y+panelTop
	across := func(n int) float64 {
		if highest == lowest {
			return left
		}
		return left + (position(n)-lowest)/(highest-lowest)*(right-left)
	}
	up := func(v float64) float64 { return floor - v/top*(floor-ceiling) }
	b.WriteString(label(x, y+12, ` class="head"`, c.Title+", "+c.Unit))
	fmt.Fprintf(b, "<path class=\"axis\" d=\"M%.1f %.1fV%.1fH%.1f\"/>\n", left, ceiling, floor, right)
	b.WriteString(label(x+4, ceiling+8, "", figure(top)) + label(x+22, floor, "", "0") + label((left+right)/2, floor+30, ` class="middle"`, c.Of))
	marked := map[int]bool{}
	for i, s := range c.Series {
		var path strings.Builder
		for _, p := range s.Points {
			if !marked[p.N] {
				b.WriteString(label(across(p.N), floor+14, ` class="middle"`, fmt.Sprint(p.N)))
				marked[p.N] = true
			}
			letter := "L"
			if path.Len() == 0 {
				letter = "M"
			}
			fmt.Fprintf(&path, "%s%.1f %.1f", letter, across(p.N), up(p.Value))
			fmt.Fprintf(b, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>\n", s.Server, across(p.N), up(p.Value))
		}
		fmt.Fprintf(b, "<path class=\"%s line\" d=\"%s\"/>\n", s.Server, path.String())
		if len(c.Series) > 1 {
			at := right - 90*float64(len(c.Series)-i)
			fmt.Fprintf(b, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"10\" height=\"4\"/>\n", s.Server, at, y+panelTop-4)
			b.WriteString(label(at+14, y+panelTop, "", strings.TrimPrefix(names[s.Server], "Quatrain, ")))
		}
	}
}

// bounds are the first and the last position, and a round value that none exceeds.
func (c curve) bounds() (lowest, highest, top float64) {
	lowest = math.Inf(1)
	for _, s := range c.Series {
		for _, p := range s.Points {
			lowest, highest, top = min(lowest, position(p.N)), max(highest, position(p.N)), max(top, p.Value)
		}
	}
	return lowest, highest, roundUp(top)
}

// position on the logarithmic axis, on which 0 stands a little left of 1.
func position(n int) float64 {
	if n <= 0 {
		return -0.3
	}
	return math.Log10(float64(n))
}

// roundUp is the next of 1, 2, 5, 10, …; 1 for what is not positive.
func roundUp(v float64) float64 {
	if v <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, step := range []float64{1, 2, 5} {
		if v <= step*power {
			return step * power
		}
	}
	return 10 * power
}

// tables shows curves as figures.
func tables(all []curve) string {
	var b strings.Builder
	for _, c := range all {
		fmt.Fprintf(&b, "%s, %s:\n\n", c.Title, c.Unit)
		head := []string{c.Of}
		at := map[int]int{}
		for _, s := range c.Series {
			for _, p := range s.Points {
				if _, known := at[p.N]; !known {
					at[p.N] = len(head)
					head = append(head, fmt.Sprint(p.N))
				}
			}
		}
		rows := [][]string{head}
		for _, s := range c.Series {
			row := make([]string, len(head))
			row[0] = names[s.Server]
			for _, p := range s.Points {
				row[at[p.N]] = figure(p.Value)
			}
			rows = append(rows, row)
		}
		b.WriteString(markdown(rows) + "\n")
	}
	return b.String()
}
