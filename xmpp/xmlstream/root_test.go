package xmlstream

import (
	"errors"
	"strings"
	"testing"
)

func TestOtherRoots(t *testing.T) {
	root := Root{NS: "urn:bind", Name: "body", Content: "jabber:client"}
	tests := []struct{ name, in, want string }{
		{"in the content's namespace", "<body xmlns='urn:bind'><iq xmlns='jabber:client'><a/></iq></body>", "<iq><a/></iq>"},
		{"in that of the root", "<body xmlns='urn:bind'><a/></body>", "<a xmlns='urn:bind'/>"},
		{"by prefix", "<b:body xmlns:b='urn:bind' xmlns='jabber:client'><iq/></b:body>", "<iq/>"},
		{"foreign", "<body xmlns='urn:bind'><a xmlns='u'><b xmlns='jabber:client'/></a></body>", "<a xmlns='u'><b xmlns='jabber:client'/></a>"},
		{"without namespace", "<body xmlns='urn:bind'><a xmlns=''/></body>", "<a xmlns=''/>"},
		{"nothing in it", "<body xmlns='urn:bind'/>", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := NewDecoder(strings.NewReader(test.in), Limits{})
			d.SetRoot(root)
			if _, err := d.Stream(); err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			e, err := d.Next()
			for ; err == nil; e, err = d.Next() {
				got.WriteString(e.String())
			}
			if got.String() != test.want || !errors.Is(err, ErrStreamEnd) {
				t.Errorf("got %s, %v; want %s", &got, err, test.want)
			}
		})
	}
	for _, in := range []string{"<other xmlns='urn:bind'>", "<body>", open} {
		d := NewDecoder(strings.NewReader(in), Limits{})
		d.SetRoot(root)
		var fault *StreamError
		if _, err := d.Stream(); !errors.As(err, &fault) || fault.Condition != InvalidNamespace {
			t.Errorf("%s: got %v", in, err)
		}
	}
}
