package muccore

import (
	"context"
	"testing"

	"quatrain/xmpp/stanza"
)

// What changes while the store is being read is not overwritten by what the store had.
func TestPublicIndexReadsTheStoreOnce(t *testing.T) {
	times := 0
	var p *publicIndex
	p = newPublicIndex(func(_ context.Context, f func(jid, name string, public bool)) {
		times++
		p.set("hidden@x", "", false)
		p.set("renamed@x", "New", true)
		f("hidden@x", "Old", true)
		f("renamed@x", "Old", true)
		f("secret@x", "", false)
		f("open@x", "", true)
	})
	p.read(t.Context())
	p.read(t.Context())
	if times != 1 {
		t.Errorf("the store was read %d times", times)
	}
	query := stanza.New("query", "")
	p.addTo(query)
	want := `<query><item jid='open@x'/><item jid='renamed@x' name='New'/></query>`
	if got := query.String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	p.set("open@x", "", false)
	page := stanza.New("query", "")
	p.addPageTo(page, pageWish{max: 5})
	if len(page.Tags) != 2 || page.Tags[0].Attr("jid") != "renamed@x" {
		t.Errorf("page: %s", page)
	}
}
