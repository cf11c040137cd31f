package stanza

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

func TestPrint(t *testing.T) {
	tests := []struct {
		name   string
		e      *Element
		parent string
		want   string
	}{
		{"escapes", New("a", "", "k", `&<>'"`).AddText(`&<>'"`), "", `<a k='&amp;&lt;&gt;&apos;&quot;'>&amp;&lt;&gt;'"</a>`},
		{"white space", New("a", "", "k", "\t\n\r ").AddText("\t\n\r "), "", "<a k='&#9;&#10;&#13; '>\t\n&#13; </a>"},
		{"what XML has not", New("a", "", "k", "\x00\xff").AddText("\x1f\uFFFEé\xc3"), "", "<a k='��'>��é�</a>"},
		{"foreign attributes", New("a", "", "urn:x\x01k", "1", "urn:x\x01l", "2"), "", "<a xmlns:ns1='urn:x' ns1:k='1' xmlns:ns2='urn:x' ns2:l='2'/>"},
		{"known namespace", New("a", NSClient).AddChild(New("b", NSClient)), NSClient, "<a><b/></a>"},
		{"unknown namespace", New("a", NSClient).AddChild(New("b", NSClient)), NSServer, "<a xmlns='jabber:client'><b/></a>"},
		{"inherited through a child without", New("a", "u").AddChild(New("b", "").AddChild(New("c", "u"))), "", "<a xmlns='u'><b><c/></b></a>"},
		{"language", New("a", "", "xml:lang", "de"), "", "<a xml:lang='de'/>"},
	}
	for _, tt := range tests {
		got := string(tt.e.AppendXML([]byte("x"), tt.parent))
		if got != "x"+tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestValidText(t *testing.T) {
	for s, want := range map[string]bool{"": true, "a\t\r\nü🎭": true, "\x00": false, "\x1f": false, "\xff": false, "\uFFFF": false, "\xed\xa0\x80": false} {
		if got := ValidText(s); got != want {
			t.Errorf("%q: got %v", s, got)
		}
	}
}

func TestRendered(t *testing.T) {
	r := Render(Message("hi", "from", "a", "to", "old"))
	for to, want := range map[string]string{
		"b":   `<message from='a' to='b'><body>hi</body></message>`,
		"b'c": `<message from='a' to='b&apos;c'><body>hi</body></message>`,
		"":    `<message from='a'><body>hi</body></message>`,
	} {
		if got := string(r.AppendTo(nil, to)); got != want {
			t.Errorf("%q: got %s", to, got)
		}
	}
	if got := string(Render(Presence()).AppendTo(nil, "b")); got != "<presence to='b'/>" {
		t.Errorf("got %s", got)
	}
	if got := string(RenderFor(New("message", NSClient), NSServer).AppendTo(nil, "b")); got != "<message xmlns='jabber:client' to='b'/>" {
		t.Errorf("got %s", got)
	}
	if r.IsZero() || !(Rendered{}).IsZero() || r.Len() != len(r.AppendTo(nil, "")) {
		t.Error("IsZero or Len")
	}
}

// Whatever the values, what is printed is XML that says the same.
func FuzzPrint(f *testing.F) {
	f.Add("value", "text")
	f.Add("a\r\n\t'\"&<>", "]]>\r\x00\xff\uFFFE")
	f.Fuzz(func(t *testing.T, value, text string) {
		out := New("a", "", "k", value).AddText(text).String()
		d := xml.NewDecoder(strings.NewReader(out))
		var gotValue, gotText string
		for {
			tok, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%q: %v", out, err)
			}
			switch tok := tok.(type) {
			case xml.StartElement:
				gotValue = tok.Attr[0].Value
			case xml.CharData:
				gotText += string(tok)
			}
		}
		if ValidText(value) && gotValue != value || ValidText(text) && gotText != text {
			t.Errorf("%q: got %q %q, want %q %q", out, gotValue, gotText, value, text)
		}
	})
}

func BenchmarkAppendXML(b *testing.B) {
	e := example()
	dst := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		dst = e.AppendXML(dst[:0], NSClient)
	}
}

func BenchmarkRenderedAppendTo(b *testing.B) {
	r := Render(example())
	dst := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		dst = r.AppendTo(dst[:0], "romeo@montague.example/orchard")
	}
}

func TestPrinted(t *testing.T) {
	e := Presence("from", "room@a/nick", "to", "old", "type", "unavailable").TextTag("status", "", "gone")
	p := Print(e)
	e.SetAttr("from", "changed")
	if p.Kind() != KindPresence || p.Type() != "unavailable" || p.From() != "room@a/nick" {
		t.Errorf("kind %q, type %q, from %q", p.Kind(), p.Type(), p.From())
	}
	const want = "<presence from='room@a/nick' type='unavailable'><status>gone</status></presence>"
	if got := string(p.Bytes()); got != want {
		t.Errorf("got %s", got)
	}
	parsed := 0
	for range 2 {
		tree, err := p.Tree(func(xml []byte) (*Element, error) {
			parsed++
			return Presence("id", string(xml)), nil
		})
		if err != nil || tree.ID() != want || parsed != 1 {
			t.Errorf("the tree is %s, made %d times, %v", tree, parsed, err)
		}
	}
	if Print(New("message", "urn:x")).Kind() != NotStanza {
		t.Error("an element of another namespace is a stanza")
	}
}
