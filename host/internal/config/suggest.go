package config

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// nearest is the candidate that s is probably a slip of: one change apart, or two if it is long; "" if there is none. Names that differ
// only in digits are different things, not slips.
func nearest(s string, candidates []string) string {
	limit := 1
	if len(s) >= 8 {
		limit = 2
	}
	best, found := limit+1, ""
	for _, c := range slices.Sorted(slices.Values(candidates)) {
		if s == c || withoutDigits(s) == withoutDigits(c) {
			continue
		}
		if d := distance(strings.ToLower(s), strings.ToLower(c), best); d < best {
			best, found = d, c
		}
	}
	return found
}

func withoutDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, s)
}

// distance is how many characters have to be added, left out, changed or swapped with their neighbour to make b of a; at least limit
// if it is more than that.
func distance(a, b string, limit int) int {
	if d := utf8.RuneCountInString(a) - utf8.RuneCountInString(b); d >= limit || -d >= limit {
		return limit
	}
	x, y := []rune(a), []rune(b)
	var before, last []int
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before, last, row = last, row, make([]int, len(y)+1)
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(y)]
}
