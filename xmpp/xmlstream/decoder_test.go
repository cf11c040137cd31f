package xmlstream

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"quatrain/xmpp/stanza"
)

const open = "<?xml version='1.0'?><stream:stream to='localhost' from='romeo@localhost' version='1.0' xml:lang='en' " +
	"xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' xmlns:a='urn:a'>"

// read is all that a stream with this content yields, one line each, and how it ended.
func read(r io.Reader, l Limits) (got []string, err error) {
	d := NewDecoder(r, l)
	if _, err := d.Stream(); err != nil {
		return nil, err
	}
	for {
		e, err := d.Next()
		if err != nil {
			return got, err
		}
		got = append(got, e.String())
	}
}

func TestElements(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", `<message to='a'><body>hi</body></message>`, `<message to='a'><body>hi</body></message>`},
		{"empty", `<presence />`, `<presence/>`},
		{"white space in tags", "<iq\n id = 'x'\ttype=\"get\" ><q xmlns='u'/></iq  >", `<iq id='x' type='get'><q xmlns='u'/></iq>`},
		{"foreign namespace holds below", `<iq><query xmlns='u'><item/></query></iq>`, `<iq><query xmlns='u'><item/></query></iq>`},
		{"back in the stream's namespace", `<iq><x xmlns='u'><message xmlns='jabber:client'><body/></message></x></iq>`,
			`<iq><x xmlns='u'><message xmlns='jabber:client'><body/></message></x></iq>`},
		{"prefix", `<iq><p:x xmlns:p='u'><p:y/><z/></p:x></iq>`, `<iq><x xmlns='u'><y/><z xmlns='jabber:client'/></x></iq>`},
		{"prefix of the stream tag", `<stream:features><b xmlns='u'/></stream:features>`,
			`<features xmlns='http://etherx.jabber.org/streams'><b xmlns='u'/></features>`},
		{"same namespace spelt out", `<message xmlns='jabber:client'><body xmlns='jabber:client'/></message>`, `<message><body/></message>`},
		{"no namespace", `<message><x xmlns=''><y/></x></message>`, `<message><x xmlns=''><y xmlns=''/></x></message>`},
		{"language", `<message xml:lang='de'/>`, `<message xml:lang='de'/>`},
		{"attribute with prefix", `<message a:b='c'/>`, `<message xmlns:ns1='urn:a' ns1:b='c'/>`},
		{"declared on the spot", `<x q:b='c' xmlns:q='u'/>`, `<x xmlns:ns1='u' ns1:b='c'/>`},
		{"prefix shadowed", `<x xmlns:a='u'><a:y/></x>`, `<x><y xmlns='u'/></x>`},
		{"references", `<m a='&lt;&#65;&#x42;&quot;'>&amp;&gt;&apos;</m>`, `<m a='&lt;AB&quot;'>&amp;&gt;'</m>`},
		{"white space in attributes", "<m a='1\n2\t3\r\n4&#10;'/>", `<m a='1 2 3 4&#10;'/>`},
		{"line ends", "<m>1\r\n2\r3&#13;</m>", "<m>1\n2\n3&#13;</m>"},
		{"CDATA", `<m>a<![CDATA[<b>&amp;]]]]>c</m>`, `<m>a&lt;b&gt;&amp;amp;]]c</m>`},
		{"CDATA twice", `<m>&amp;<![CDATA[x]]><![CDATA[]]><![CDATA[y]]>z&amp;</m>`, `<m>&amp;xyz&amp;</m>`},
		{"mixed", `<m>a<b/>c<d/>e</m>`, `<m>a<b/>c<d/>e</m>`},
		{"Unicode", `<m a='ü'>日本 🎭</m>`, `<m a='ü'>日本 🎭</m>`},
		{"name beyond ASCII", `<mü/>`, `<mü/>`},
		{"quotes in quotes", `<m a="'" b='">'/>`, `<m a='&apos;' b='&quot;&gt;'/>`},
		{"bracket", `<m>]] > ]</m>`, `<m>]] &gt; ]</m>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(open + " " + tt.in + "\n"), iotest.OneByteReader(strings.NewReader(open + tt.in))} {
				got, err := read(r, Limits{})
				if err != io.EOF || strings.Join(got, "|") != tt.want {
					t.Errorf("got %q, %v, want %q", got, err, tt.want)
				}
			}
		})
	}
}

func TestViolations(t *testing.T) {
	deep := strings.Repeat("<a>", 20)
	tests := []struct{ name, in, want string }{
		{"comment", `<m><!-- x --></m>`, RestrictedXML},
		{"comment between stanzas", `<!-- x -->`, RestrictedXML},
		{"document type", `<!DOCTYPE x>`, RestrictedXML},
		{"processing instruction", `<m><?php ?></m>`, RestrictedXML},
		{"second declaration", `<?xml version='1.0'?>`, RestrictedXML},
		{"entity", `<m>&nbsp;</m>`, RestrictedXML},
		{"entity in attribute", `<m a='&foo;'/>`, RestrictedXML},
		{"bare ampersand", `<m>a & b</m>`, NotWellFormed},
		{"character reference to control", `<m>&#1;</m>`, NotWellFormed},
		{"character reference to surrogate", `<m>&#xD800;</m>`, NotWellFormed},
		{"character reference too large", `<m>&#99999999999;</m>`, NotWellFormed},
		{"character reference with sign", `<m>&#+65;</m>`, NotWellFormed},
		{"empty character reference", `<m>&#;&#x;</m>`, NotWellFormed},
		{"control character", "<m>\x01</m>", NotWellFormed},
		{"control character in CDATA", "<m><![CDATA[\x01]]></m>", NotWellFormed},
		{"bad UTF-8", "<m>\xff</m>", NotWellFormed},
		{"overlong UTF-8", "<m a='\xc0\x80'/>", NotWellFormed},
		{"noncharacter", "<m>\uFFFE</m>", NotWellFormed},
		{"CDATA end in text", `<m>]]></m>`, NotWellFormed},
		{"mismatch", `<a><b></a>`, NotWellFormed},
		{"mismatched prefix", `<a:m></m>`, NotWellFormed},
		{"longer end", `<a></ab>`, NotWellFormed},
		{"stray end", `</message>`, NotWellFormed},
		{"attribute twice", `<m a='1' a='2'/>`, NotWellFormed},
		{"attribute twice by namespace", `<m xmlns:b='urn:a' a:x='1' b:x='2'/>`, NotWellFormed},
		{"declaration twice", `<m xmlns='u' xmlns='u'/>`, NotWellFormed},
		{"unbound prefix", `<b:m/>`, NotWellFormed},
		{"unbound attribute prefix", `<m b:x='1'/>`, NotWellFormed},
		{"prefix out of scope", `<m><x xmlns:b='u'/><b:y/></m>`, NotWellFormed},
		{"prefix undeclared", `<m xmlns:a=''/>`, NotWellFormed},
		{"xml prefix bound", `<m xmlns:xml='u'/>`, NotWellFormed},
		{"xmlns prefix bound", `<m xmlns:xmlns='u'/>`, NotWellFormed},
		{"reserved namespace", `<m xmlns:b='http://www.w3.org/XML/1998/namespace'/>`, NotWellFormed},
		{"two colons", `<a:b:c/>`, NotWellFormed},
		{"name", `<1/>`, NotWellFormed},
		{"space before name", `< m/>`, NotWellFormed},
		{"no quotes", `<m a=b/>`, NotWellFormed},
		{"no value", `<m a/>`, NotWellFormed},
		{"no space", `<m a='1'b='2'/>`, NotWellFormed},
		{"less in attribute", `<m a='<'/>`, NotWellFormed},
		{"less in unfinished tag", `<m a<`, NotWellFormed},
		{"text between stanzas", `x`, BadFormat},
		{"CDATA between stanzas", `<![CDATA[x]]>`, BadFormat},
		{"too long", `<m>` + strings.Repeat("x", 2000) + `</m>`, PolicyViolation},
		{"too long, unfinished", `<m>` + strings.Repeat("x", 2000), PolicyViolation},
		{"too long a tag", `<m a='` + strings.Repeat("x", 2000), PolicyViolation},
		{"too deep", deep, PolicyViolation},
		{"too many attributes", `<m a='' b='' c='' d='' e='' f='' g='' h='' i=''/>`, PolicyViolation},
		{"too many elements", `<m>` + strings.Repeat("<a/>", 40) + `</m>`, PolicyViolation},
		{"too much namespace", `<m xmlns:n='` + strings.Repeat("n", 500) + `'>` + strings.Repeat(`<a n:b=''/>`, 20) + `</m>`, PolicyViolation},
	}
	limits := Limits{MaxStanza: 1000, MaxDepth: 10, MaxAttrs: 8, MaxElements: 30}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(open + tt.in), iotest.OneByteReader(strings.NewReader(open + tt.in))} {
				_, err := read(r, limits)
				var se *StreamError
				if !errors.As(err, &se) || se.Condition != tt.want {
					t.Errorf("got %v, want %s", err, tt.want)
				}
			}
		})
	}
}

func TestStreamTag(t *testing.T) {
	const ns = " xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
	tests := []struct{ name, in, want string }{
		{"plain", `<stream:stream` + ns + `>`, ""},
		{"white space first", "\r\n <stream:stream" + ns + `>`, ""},
		{"declaration", `<?xml version="1.0" encoding='utf-8' standalone='yes' ?>` + "\n<stream:stream" + ns + `>`, ""},
		{"other prefix", `<s:stream xmlns='jabber:client' xmlns:s='http://etherx.jabber.org/streams'>`, ""},
		{"encoding", `<?xml version='1.0' encoding='latin1'?>`, UnsupportedEncoding},
		{"version", `<?xml version='1.1'?>`, NotWellFormed},
		{"no version", `<?xml encoding='utf-8'?>`, NotWellFormed},
		{"endless declaration", `<?xml ` + strings.Repeat(" ", 300), NotWellFormed},
		{"two declarations", `<?xml version='1.0'?><?xml version='1.0'?>`, RestrictedXML},
		{"instruction", `<?php ?>`, RestrictedXML},
		{"instruction like a declaration", `<?xmlx version='1.0'?>`, RestrictedXML},
		{"instruction that abbreviates one", `<?x   version='1.0'?>`, RestrictedXML},
		{"document type", `<!DOCTYPE x>`, RestrictedXML},
		{"HTTP", `GET / HTTP/1.1`, NotWellFormed},
		{"byte order mark", "\uFEFF<stream:stream" + ns + `>`, NotWellFormed},
		{"unbound prefix", `<stream:stream xmlns='jabber:client'>`, BadNamespacePrefix},
		{"no prefix", `<stream xmlns='http://etherx.jabber.org/streams'>`, BadNamespacePrefix},
		{"namespace", `<stream:stream xmlns='jabber:client' xmlns:stream='u'>`, InvalidNamespace},
		{"no content namespace", `<stream:stream xmlns:stream='http://etherx.jabber.org/streams'>`, InvalidNamespace},
		{"name", `<stream:strom` + ns + `>`, BadFormat},
		{"too long", `<stream:stream` + strings.Repeat(" ", 400<<10), PolicyViolation},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(tt.in), iotest.OneByteReader(strings.NewReader(tt.in))} {
				_, err := NewDecoder(r, Limits{}).Stream()
				var se *StreamError
				if tt.want == "" && err != nil || tt.want != "" && (!errors.As(err, &se) || se.Condition != tt.want) {
					t.Errorf("got %v, want %q", err, tt.want)
				}
			}
		})
	}
}

func TestHeader(t *testing.T) {
	d := NewDecoder(strings.NewReader(open), Limits{})
	h, err := d.Stream()
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(h.NS, h.To, h.From, h.Version, h.Lang, h.ID, len(h.Attrs), h.Declares("urn:a"), h.Declares("urn:b"))
	if want := fmt.Sprint("jabber:client", "localhost", "romeo@localhost", "1.0", "en", "", 4, true, false); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEnds(t *testing.T) {
	tests := []struct {
		name, in string
		want     error
	}{
		{"end tag", open + "<m/></stream:stream>", ErrStreamEnd},
		{"end tag with space", open + "<m/> </stream:stream >", ErrStreamEnd},
		{"connection", open + "<m/>", io.EOF},
		{"within an element", open + "<m/><m>", io.ErrUnexpectedEOF},
		{"within a tag", open + "<m/><", io.ErrUnexpectedEOF},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := read(strings.NewReader(tt.in), Limits{})
			if len(got) != 1 || !errors.Is(err, tt.want) || tt.want == io.EOF && errors.Is(err, ErrStreamEnd) {
				t.Errorf("got %q, %v, want %v", got, err, tt.want)
			}
		})
	}
}

// A client may send its next stream tag without waiting for the answer that allows it.
func TestRestartKeepsInput(t *testing.T) {
	d := NewDecoder(strings.NewReader(open+"<auth xmlns='urn:sasl'/>"+open+"<iq id='1'/>"), Limits{})
	for _, want := range []string{"<auth xmlns='urn:sasl'/>", "<iq id='1'/>"} {
		if _, err := d.Stream(); err != nil {
			t.Fatal(err)
		}
		e, err := d.Next()
		if err != nil || e.String() != want {
			t.Fatalf("got %v, %v, want %s", e, err, want)
		}
		d.Restart()
	}
}

func TestBufferedBeforeTLS(t *testing.T) {
	d := NewDecoder(strings.NewReader(open+"<starttls xmlns='urn:tls'/><injected/>"), Limits{})
	if _, err := d.Stream(); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Next(); err != nil {
		t.Fatal(err)
	}
	if got := string(d.Buffered()); got != "<injected/>" {
		t.Errorf("got %q", got)
	}
	d.Reset(strings.NewReader(open + "<m/>"))
	if len(d.Buffered()) != 0 {
		t.Error("bytes kept across Reset")
	}
	if _, err := d.Stream(); err != nil {
		t.Fatal(err)
	}
}

func TestRaw(t *testing.T) {
	d := NewDecoder(strings.NewReader(open+" <m  b='c'/><x a:b='c'/><y/>"), Limits{})
	if _, err := d.Stream(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<m  b='c'/>", "", "<y/>"} {
		if _, err := d.Next(); err != nil {
			t.Fatal(err)
		}
		if got := string(d.Raw()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// tree must not share what can be changed.
func TestElementsAreIndependent(t *testing.T) {
	e, err := ParseElement([]byte(`<m a='1'><b c='2'>x</b><d e='3'/></m>`))
	if err != nil {
		t.Fatal(err)
	}
	e.SetAttr("n", "1")
	e.Tags[0].SetAttr("n", "2")
	e.Tags[0].AddChild(stanza.New("f", ""))
	e.AddText("end")
	if got, want := e.String(), `<m a='1' n='1'><b c='2' n='2'>x<f/></b><d e='3'/>end</m>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestLargeElement(t *testing.T) {
	in := "<m xmlns='urn:long'>" + strings.Repeat("<a b='c'>text &amp; text</a>", 2000) + "</m>"
	got, err := read(strings.NewReader(open+in+"<m/>"), Limits{})
	if err != io.EOF || len(got) != 2 || got[0] != in {
		t.Errorf("got %d elements, %v", len(got), err)
	}
}

func TestParseElement(t *testing.T) {
	for _, in := range []string{"", "x", "<a>", "<a/><b/>", "<a/>x", "</a>", "<a", "<!-- --><a/>", " "} {
		if e, err := ParseElement([]byte(in)); err == nil {
			t.Errorf("%q: got %s", in, e)
		}
	}
	e, err := ParseElement([]byte(" <a/>\n"))
	if err != nil || e.String() != "<a/>" {
		t.Errorf("got %v, %v", e, err)
	}
}

// A decoder that waits has no buffer; a time-out is not the end.
func TestLazyConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	peer, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	d := NewDecoder(Lazy(conn), Limits{})
	fmt.Fprint(peer, open)
	if _, err := d.Stream(); err != nil {
		t.Fatal(err)
	}
	conn.SetReadDeadline(time.Now().Add(-time.Second))
	if _, err := d.Next(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("got %v, want a time-out", err)
	}
	if d.w != nil {
		t.Error("holds a buffer while idle")
	}
	conn.SetReadDeadline(time.Time{})
	fmt.Fprint(peer, " <m><b>")
	go fmt.Fprint(peer, "</b></m>")
	if e, err := d.Next(); err != nil || e.String() != "<m><b/></m>" {
		t.Fatalf("got %v, %v", e, err)
	}
	peer.Close()
	if _, err := d.Next(); err != io.EOF {
		t.Errorf("got %v, want EOF", err)
	}
}
