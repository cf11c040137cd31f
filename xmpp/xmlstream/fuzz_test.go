package xmlstream

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"quatrain/xmpp/stanza"
)

var seeds = []string{
	benchMessage,
	`<iq a:b='c'><p:x xmlns:p='u' p:q=''><message xmlns='jabber:client'/></p:x></iq> </stream:stream>`,
	"<m k='&#10;\r\n\t'>1\r\n2<![CDATA[<&]]>&amp;<![CDATA[]]]]></m><x xmlns=''><y/></x>",
	`<stream:features><x xmlns:b='http://www.w3.org/2000/xmlns/'/></stream:features>`,
	`<m><!-- --></m><?x ?><!DOCTYPE x>`, `<mü>日本</mü>`, `<a></b>`, `<a b="`, `text`, `<a><![CDA`, `<a xml:lang='de' xml:space=''/>`,
}

// FuzzStream: what is accepted means the same to encoding/xml, survives printing, and does not depend on how the input is cut.
func FuzzStream(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := readElements(strings.NewReader(open + s))
		slow, slowErr := readElements(iotest.OneByteReader(strings.NewReader(open + s)))
		if canonAll(got) != canonAll(slow) || outcome(err) != outcome(slowErr) {
			t.Errorf("in one piece %s, %v; byte by byte %s, %v", canonAll(got), err, canonAll(slow), slowErr)
		}
		want, err := referenceView(open+s, len(got))
		if err != nil && isASCII(s) { // encoding/xml has the names of an older XML
			t.Errorf("accepted %s; encoding/xml: %v", canonAll(got), err)
		}
		if err == nil && canonAll(got) != want {
			t.Errorf("got  %s\nwant %s", canonAll(got), want)
		}
		for _, e := range got {
			checkPrinted(t, e)
		}
	})
}

// FuzzStreamTag: the same for what opens the stream.
func FuzzStreamTag(f *testing.F) {
	f.Add(open)
	f.Add("<?xml version='1.0' encoding='utf-8'?><s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns='x'/>")
	f.Add("<!DOCTYPE")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := NewDecoder(strings.NewReader(s), Limits{}).Stream()
		slow, slowErr := NewDecoder(iotest.OneByteReader(strings.NewReader(s)), Limits{}).Stream()
		if got.NS != slow.NS || !slices.Equal(got.Attrs, slow.Attrs) || outcome(err) != outcome(slowErr) {
			t.Errorf("in one piece %v, %v; byte by byte %v, %v", got, err, slow, slowErr)
		}
		if err == nil && got.NS == "" {
			t.Error("accepted without a content namespace")
		}
	})
}

func FuzzParseElement(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if e, err := ParseElement([]byte(s)); err == nil {
			checkPrinted(t, e)
		}
	})
}

// checkPrinted: what is printed reads as the same.
func checkPrinted(t *testing.T, e *stanza.Element) {
	t.Helper()
	again, err := ParseElement([]byte(e.String()))
	if err != nil {
		t.Fatalf("%s: %v", e, err)
	}
	if canon(again, stanza.NSClient) != canon(e, stanza.NSClient) || again.String() != e.String() {
		t.Errorf("first %s, then %s", e, again)
	}
	if c := e.Clone(); canon(c, "") != canon(e, "") {
		t.Errorf("%s, cloned %s", e, c)
	}
}

func readElements(r io.Reader) (got []*stanza.Element, err error) {
	d := NewDecoder(r, Limits{MaxElements: 50, MaxDepth: 20})
	if _, err := d.Stream(); err != nil {
		return nil, err
	}
	for {
		e, err := d.Next()
		if err != nil {
			return got, err
		}
		got = append(got, e)
	}
}

// outcome is what must not depend on how the input is cut. Which of several faults is found first does, and where the input ends
// within a token also whether one is found at all.
func outcome(err error) string {
	var se *StreamError
	switch {
	case err == nil:
		return "open"
	case errors.As(err, &se), err == io.ErrUnexpectedEOF:
		return "fault"
	}
	return err.Error()
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 0x7f })
}

func canonAll(list []*stanza.Element) string {
	var b strings.Builder
	for _, e := range list {
		b.WriteString(canon(e, stanza.NSClient))
	}
	return b.String()
}

// canon writes an element with every name in full and attributes in order.
func canon(e *stanza.Element, ns string) string {
	if own, ok := e.LookupAttr("xmlns"); ok {
		ns = own
	}
	var attrs []string
	for _, a := range e.Attrs {
		if a.Name == "xmlns" {
			continue
		}
		uri, local, ok := strings.Cut(a.Name, "\x01")
		if !ok {
			uri, local = "", a.Name
		}
		if l, ok := strings.CutPrefix(a.Name, "xml:"); ok {
			uri, local = stanza.NSXML, l
		}
		attrs = append(attrs, attrText(uri, local, a.Value))
	}
	var inner strings.Builder
	for i := range e.Nodes {
		if c := e.Nodes[i].Element; c != nil {
			inner.WriteString(canon(c, ns))
		} else {
			inner.WriteString(e.Nodes[i].Text)
		}
	}
	return element(ns, e.Name, attrs, inner.String())
}

func element(ns, name string, attrs []string, inner string) string {
	slices.Sort(attrs)
	return "<{" + level(ns) + "}" + name + strings.Join(attrs, "") + ">" + inner + "</>"
}

func attrText(ns, name, value string) string {
	return " {" + level(ns) + "}" + name + "=" + level(value)
}

// level turns white space into spaces: encoding/xml does not normalise the values of attributes, namespaces among them.
func level(value string) string {
	return strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(value)
}

// referenceView is the canonical form of the first n elements below the stream tag, as encoding/xml reads them.
func referenceView(s string, n int) (string, error) {
	d := xml.NewDecoder(strings.NewReader(s))
	var out strings.Builder
	depth := 0
	for n > 0 {
		tok, err := d.Token()
		if err != nil {
			return "", err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if depth++; depth < 2 {
				continue
			}
			var attrs []string
			for _, a := range tok.Attr {
				if a.Name.Space != "xmlns" && (a.Name.Space != "" || a.Name.Local != "xmlns") {
					attrs = append(attrs, attrText(a.Name.Space, a.Name.Local, a.Value))
				}
			}
			slices.Sort(attrs)
			out.WriteString("<{" + level(tok.Name.Space) + "}" + tok.Name.Local + strings.Join(attrs, "") + ">")
		case xml.EndElement:
			out.WriteString("</>")
			if depth--; depth == 1 {
				n--
			}
		case xml.CharData:
			if depth > 1 {
				out.Write(tok)
			}
		}
	}
	return out.String(), nil
}
