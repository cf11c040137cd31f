package muccore

import (
	"math"
	"sort"
	"strconv"
	"strings"

	"quatrain/xmpp/stanza"
)

// pageWish is which page of a list is asked for (XEP-0059).
type pageWish struct {
	max       int // greatest size
	index     int // place of the first entry, 0 unless given
	after     string
	hasAfter  bool
	before    string
	fromEnd   bool // the last page, or with before the one that ends there
	hasBefore bool
}

// readPageWish is the wish in a query; false if there is none.
func readPageWish(query *stanza.Element) (w pageWish, ok bool) {
	set := query.Child("set", nsRSM)
	if set == nil || len(set.Tags) == 0 {
		return w, false
	}
	w.max = math.MaxInt32
	for _, e := range set.Tags {
		switch e.Name {
		case "max":
			w.max = wholeNumber(e.Text(), w.max)
		case "index":
			w.index = wholeNumber(e.Text(), 0)
		case "after":
			w.after, w.hasAfter = e.Text(), e.Text() != ""
		case "before":
			w.before, w.fromEnd, w.hasBefore = e.Text(), true, e.Text() != ""
		}
	}
	return w, true
}

// wholeNumber is a number of a client's; otherwise if it is none, or below 0.
func wholeNumber(text string, otherwise int) int {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || n < 0 || math.IsNaN(n) {
		return otherwise
	}
	return int(math.Min(n, math.MaxInt32))
}

// page are the places from first up to, but not including, end of what is asked for of a sorted list. Entries that are named need not be
// there any longer.
func (w pageWish) page(sorted []string) (first, end int) {
	first, end = min(w.index, len(sorted)), len(sorted)
	if w.hasAfter {
		first = max(first, sort.Search(len(sorted), func(i int) bool { return sorted[i] > w.after }))
	}
	if w.hasBefore {
		end = sort.SearchStrings(sorted, w.before)
	}
	if w.fromEnd {
		return max(first, end-w.max), end
	}
	return first, min(end, first+w.max)
}

// pageInfo is the <set/> of an answer with the page from first up to end.
func pageInfo(sorted []string, first, end int) *stanza.Element {
	set := stanza.New("set", nsRSM)
	if first < end {
		set.TextTag("first", "", sorted[first], "index", strconv.Itoa(first))
		set.TextTag("last", "", sorted[end-1])
	}
	return set.TextTag("count", "", strconv.Itoa(len(sorted)))
}
