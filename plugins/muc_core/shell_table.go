package muccore

import (
	"strings"
	"unicode/utf8"
)

// shellColumn is a column of what the shell prints. Width is characters; share is per cent of what the others leave.
type shellColumn struct {
	title        string
	width, share int
}

const shellSeparator = " | "

// shellTable makes lines of cells, the whole total characters wide (80 if that is 0).
type shellTable struct{ widths []int }

func newShellTable(columns []shellColumn, total int) shellTable {
	if total <= 0 {
		total = 80
	}
	total -= len(shellSeparator) * (len(columns) - 1)
	free := total
	widths := make([]int, len(columns))
	for i, c := range columns {
		if c.share == 0 {
			widths[i] = max(c.width, len(c.title)+1)
			free -= widths[i]
		}
	}
	for i, c := range columns {
		if c.share > 0 {
			widths[i] = max(0, free*c.share/100)
		}
	}
	return shellTable{widths}
}

func (t shellTable) line(cells []string) string {
	padded := make([]string, len(cells))
	for i, cell := range cells {
		padded[i] = fit(cell, t.widths[i])
	}
	return strings.Join(padded, shellSeparator)
}

// fit is the text with so many characters: padded, or cut so that the last one is "…".
func fit(text string, width int) string {
	n := utf8.RuneCountInString(text)
	if n <= width {
		return text + strings.Repeat(" ", width-n)
	}
	return string([]rune(text)[:max(0, width-1)]) + "…"
}

// titles is the line above the rows.
func (t shellTable) titles(columns []shellColumn) string {
	titles := make([]string, len(columns))
	for i, c := range columns {
		titles[i] = c.title
	}
	return t.line(titles)
}
