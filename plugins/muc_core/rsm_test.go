package muccore

import (
	"strings"
	"testing"

	"quatrain/xmpp/xmlstream"
)

func TestPages(t *testing.T) {
	tests := []struct{ name, set, page string }{
		{"first", `<max>2</max>`, "b d"},
		{"next", `<max>2</max><after>d</after>`, "f h"},
		{"after one that has gone", `<max>2</max><after>c</after>`, "d f"},
		{"last", `<max>2</max><before/>`, "f h"},
		{"before", `<max>2</max><before>f</before>`, "b d"},
		{"by place", `<max>2</max><index>1</index>`, "d f"},
		{"behind the end", `<max>2</max><index>9</index>`, ""},
		{"count only", `<max>0</max>`, ""},
		{"no bound", `<after>b</after>`, "d f h"},
		{"nonsense", `<max>-1</max><index>x</index>`, "b d f h"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			query, err := xmlstream.ParseElement([]byte(`<query xmlns='urn:q'><set xmlns='` + nsRSM + `'>` + tt.set + `</set></query>`))
			if err != nil {
				t.Fatal(err)
			}
			sorted := []string{"b", "d", "f", "h"}
			wish, ok := readPageWish(query)
			if !ok {
				t.Fatal("no wish")
			}
			first, end := wish.page(sorted)
			got := ""
			if first < end {
				got = strings.Join(sorted[first:end], " ")
			}
			if got != tt.page {
				t.Errorf("got %q, want %q", got, tt.page)
			}
			if info := pageInfo(sorted, first, end); info.ChildText("count", "") != "4" || (info.Child("first", "") != nil) != (tt.page != "") {
				t.Errorf("info: %s", info)
			}
		})
	}
}
