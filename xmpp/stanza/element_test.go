package stanza

import (
	"slices"
	"strings"
	"testing"
)

func example() *Element {
	return Message("hi", "to", "b", "from", "a", "id", "1", "type", "chat").
		Tag("x", "urn:x", "k", "v").TextTag("y", "urn:x", "deep", "n", "1").TextTag("y", "urn:x", "second", "n", "2").Up().
		Tag("empty", "").Reset()
}

func TestBuild(t *testing.T) {
	tests := []struct {
		name string
		e    *Element
		want string
	}{
		{"message", example(), `<message to='b' from='a' id='1' type='chat'><body>hi</body><x xmlns='urn:x' k='v'><y n='1'>deep</y><y n='2'>second</y></x><empty/></message>`},
		{"no body", Message("", "to", "b"), `<message to='b'/>`},
		{"iq", IQ("get", "7", "to", "b"), `<iq id='7' type='get' to='b'/>`},
		{"presence", Presence("type", "unavailable"), `<presence type='unavailable'/>`},
		{"reply to iq", Reply(IQ("set", "7", "to", "b", "from", "a")), `<iq to='a' from='b' id='7' type='result'/>`},
		{"reply to message", Reply(example()), `<message to='a' from='b' id='1' type='chat'/>`},
		{"reply to bare", Reply(Message("x")), `<message/>`},
		{"up at the top", New("a", "").Up().Tag("b", "").Up().Up().Tag("c", "").PutText("t").Put(New("d", "")), `<a><b/><c>t<d/></c></a>`},
		{"shallow clone", example().ShallowClone(), `<message to='b' from='a' id='1' type='chat'/>`},
		{"clone", example().Clone(), example().String()},
	}
	for _, tt := range tests {
		if got := tt.e.String(); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestCloneIsDeep(t *testing.T) {
	orig := example()
	want := orig.String()
	c := orig.Clone()
	c.SetAttr("to", "z")
	c.SetAttr("new", "z")
	c.Tags[1].SetAttr("k", "z")
	c.Tags[1].Tags[0].AddText("z")
	c.Tags[0].AddChild(New("z", ""))
	c.RemoveChildren("empty", "")
	if got := orig.String(); got != want {
		t.Errorf("original became %s", got)
	}
	if got, want := c.String(), `<message to='z' from='a' id='1' type='chat' new='z'><body>hi<z/></body><x xmlns='urn:x' k='z'><y n='1'>deepz</y><y n='2'>second</y></x></message>`; got != want {
		t.Errorf("clone is %s, want %s", got, want)
	}
}

// The matching rule: the same xmlns attribute, or none wanted and the parent's own.
func TestChild(t *testing.T) {
	query := New("query", "urn:q").AddChild(New("own", "urn:q")).AddChild(New("none", "")).AddChild(New("other", "urn:o"))
	msg := Message("b").AddChild(New("x", "urn:x")).AddChild(New("own", NSClient))
	tests := []struct {
		e              *Element
		name, ns, want string
	}{
		{query, "own", "urn:q", "own"}, {query, "own", "", "own"}, {query, "none", "", "none"}, {query, "none", "urn:q", ""},
		{query, "other", "", ""}, {query, "other", "urn:o", "other"}, {query, "", "urn:o", "other"}, {query, "", "", "own"},
		{msg, "body", "", "body"}, {msg, "x", "", ""}, {msg, "x", "urn:x", "x"}, {msg, "own", "", ""}, {msg, "own", NSClient, "own"},
	}
	for _, tt := range tests {
		got := ""
		if c := tt.e.Child(tt.name, tt.ns); c != nil {
			got = c.Name
		}
		if got != tt.want {
			t.Errorf("%s: Child(%q, %q): got %q, want %q", tt.e, tt.name, tt.ns, got, tt.want)
		}
	}
}

func TestAccess(t *testing.T) {
	e := example()
	x := e.Child("x", "urn:x")
	var ns []string
	for c := range x.ChildTags("y", "") {
		ns = append(ns, c.Attr("n"))
	}
	lower := func(s string) string { return strings.ToLower(s) }
	for _, tt := range []struct{ name, got, want string }{
		{"ChildText", e.ChildText("body", ""), "hi"},
		{"ChildText of none", e.ChildText("nobody", ""), ""},
		{"ChildAttr", e.ChildAttr("x", "urn:x", "k"), "v"},
		{"ChildAttr of none", e.ChildAttr("x", "", "k"), ""},
		{"ChildTags", strings.Join(ns, ","), "1,2"},
		{"ChildWithAttr", x.ChildWithAttr("y", "", "n", "2", lower).Text(), "second"},
		{"ChildWithName", e.ChildWithName("x").Name, "x"},
		{"ChildWithNS", e.ChildWithNS("urn:x").Name, "x"},
		{"Text of mixed", x.Text(), ""},
		{"Text in pieces", New("a", "").AddText("1").AddText("2").Text(), "12"},
		{"TopTag", x.TopTag(), "<x xmlns='urn:x' k='v'>"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
	}
	if x.ChildWithAttr("y", "", "m", "", nil) != nil || x.ChildWithName("z") != nil || x.ChildWithNS("urn:z") != nil {
		t.Error("found what is not there")
	}
}

func TestFind(t *testing.T) {
	e := example()
	tests := []struct {
		path, element, text string
		ok                  bool
	}{
		{"body", "body", "", true},
		{"body#", "", "hi", true},
		{"@type", "", "chat", true},
		{"@none", "", "", false},
		{"{urn:x}x", "x", "", true},
		{"{urn:x}", "x", "", true},
		{"{urn:x}x@k", "", "v", true},
		{"{urn:x}x/y#", "", "deep", true},
		{"{urn:x}x/y@n", "", "1", true},
		{"{urn:x}x/{urn:x}y", "y", "", true},
		{"{urn:x}x#", "", "", false},
		{"x", "", "", false},
		{"x/y#", "", "", false},
		{"empty#", "", "", true},
		{"body/", "body", "", true},
		{"", "body", "", true},
		{"{urn:x", "", "", false},
		{"{}body", "", "", false},
	}
	for _, tt := range tests {
		f := e.Find(tt.path)
		name := ""
		if f.Element != nil {
			name = f.Element.Name
		}
		if name != tt.element || f.Text != tt.text || f.OK != tt.ok {
			t.Errorf("%q: got %q %q %v", tt.path, name, f.Text, f.OK)
		}
		if e.FindText(tt.path) != tt.text || e.FindElement(tt.path) != f.Element {
			t.Errorf("%q: the short forms differ", tt.path)
		}
	}
}

func TestMapTags(t *testing.T) {
	a, b, c := New("a", ""), New("b", ""), New("c", "")
	e := New("e", "").AddText("1").AddChild(a).AddText("2").AddChild(b).AddChild(c).AddText("3")
	e.MapTags(func(x *Element) *Element {
		switch x.Name {
		case "a":
			return nil
		case "b":
			return New("B", "")
		}
		return x
	})
	if got := e.String(); got != "<e>12<B/><c/>3</e>" || len(e.Tags) != 2 {
		t.Errorf("got %s with %d tags", got, len(e.Tags))
	}
}

// Scripts edit the two lists separately.
func TestMapTagsWithDifferingLists(t *testing.T) {
	a, b := New("a", ""), New("b", "")
	e := New("e", "").AddChild(a).AddChild(b)
	e.Nodes = append(e.Nodes, Node{Element: New("node", "")})
	e.Tags = []*Element{New("tag", ""), b, a}
	e.MapTags(func(x *Element) *Element {
		if x == a {
			return nil
		}
		return x
	})
	var tags []string
	for _, c := range e.Tags {
		tags = append(tags, c.Name)
	}
	if got := e.String(); got != "<e><b/><node/></e>" || !slices.Equal(tags, []string{"tag", "b"}) {
		t.Errorf("got %s, tags %q", got, tags)
	}
}

func TestRemoveChildren(t *testing.T) {
	e := New("e", "urn:e").AddChild(New("a", "urn:e")).AddChild(New("a", "")).AddChild(New("a", "urn:a")).AddChild(New("b", "urn:a"))
	tests := []struct{ name, ns, want string }{
		{"a", "", "<e xmlns='urn:e'><a/><a xmlns='urn:a'/><b xmlns='urn:a'/></e>"},
		{"a", "urn:a", "<e xmlns='urn:e'><a/><a/><b xmlns='urn:a'/></e>"},
		{"", "urn:a", "<e xmlns='urn:e'><a/><a/></e>"},
	}
	for _, tt := range tests {
		if got := e.Clone().RemoveChildren(tt.name, tt.ns).String(); got != tt.want {
			t.Errorf("%q %q: got %s", tt.name, tt.ns, got)
		}
	}
}

// Whoever builds an element goes on where it was after the element has become another.
func TestBecome(t *testing.T) {
	tests := map[string]struct{ other, want *Element }{
		"more beside": {
			IQ("result", "1").AddChild(New("query", "q").AddChild(New("a", "")).AddChild(New("new", ""))),
			IQ("result", "1").AddChild(New("query", "q").AddChild(New("a", "")).AddChild(New("new", "")).AddChild(New("b", ""))),
		},
		"something else there": {
			IQ("result", "1").AddChild(New("other", "q")),
			IQ("result", "1").AddChild(New("other", "q")).AddChild(New("b", "")),
		},
		"nothing left": {IQ("error", "1"), IQ("error", "1").AddChild(New("b", ""))},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			e := IQ("result", "1").Tag("query", "q").Tag("a", "").Up()
			e.Become(tc.other)
			e.Tag("b", "").Up()
			if got, want := e.String(), tc.want.String(); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// A path leads to the same place in another element, or as far as there is one.
func TestPath(t *testing.T) {
	e := New("iq", "").AddChild(New("z", "")).Tag("a", "").Tag("b", "")
	if got := e.Path(); !slices.Equal(got, []int{1, 0}) {
		t.Errorf("the path is %v", got)
	}
	for name, tc := range map[string]struct {
		path []int
		want string
	}{
		"top":       {nil, "<iq><z/><a><b/></a><new/></iq>"},
		"there":     {[]int{1, 0}, "<iq><z/><a><b><new/></b></a></iq>"},
		"too deep":  {[]int{1, 0, 0}, "<iq><z/><a><b><new/></b></a></iq>"},
		"not there": {[]int{1, 5, 0}, "<iq><z/><a><b/><new/></a></iq>"},
		"negative":  {[]int{-1}, "<iq><z/><a><b/></a><new/></iq>"},
	} {
		t.Run(name, func(t *testing.T) {
			c := e.Clone()
			c.SetPath(tc.path)
			if c.Tag("new", ""); c.String() != tc.want {
				t.Errorf("got  %s\nwant %s", c, tc.want)
			}
		})
	}
}

func TestKind(t *testing.T) {
	tests := []struct {
		e    *Element
		want Kind
	}{
		{Message(""), KindMessage}, {Presence(), KindPresence}, {IQ("get", "1"), KindIQ},
		{New("message", NSClient), KindMessage}, {New("iq", NSServer), KindIQ},
		{New("message", "urn:x"), NotStanza}, {New("a", ""), NotStanza},
	}
	for _, tt := range tests {
		if got := tt.e.Kind(); got != tt.want || got != NotStanza && got.String() != tt.e.Name {
			t.Errorf("%s: got %v", tt.e, got)
		}
	}
	if !IQ("get", "1").IsRequest() || IQ("result", "1").IsRequest() || Message("", "type", "get").IsRequest() {
		t.Error("IsRequest")
	}
}

func BenchmarkClone(b *testing.B) {
	e := example()
	b.ReportAllocs()
	for b.Loop() {
		e.Clone()
	}
}
