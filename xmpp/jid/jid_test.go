package jid

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	long := strings.Repeat("a", 1023)
	tests := []struct{ name, in, local, domain, resource string }{
		{"full", "romeo@montague.example/orchard", "romeo", "montague.example", "orchard"},
		{"bare", "romeo@montague.example", "romeo", "montague.example", ""},
		{"host", "montague.example", "", "montague.example", ""},
		{"host with resource", "montague.example/x", "", "montague.example", "x"},
		{"one label", "a@localhost", "a", "localhost", ""},
		{"case", "Romeo@Montague.Example/Orchard", "romeo", "montague.example", "Orchard"},
		{"resource with separators", "a@b/c@d/e", "a", "b", "c@d/e"},
		{"resource with spaces", "a@b/ c d ", "a", "b", " c d "},
		{"final dot", "a@b.c.", "a", "b.c", ""},
		{"IPv4", "a@127.0.0.1", "a", "127.0.0.1", ""},
		{"IPv6", "a@[::1]/x", "a", "[::1]", "x"},
		{"international", "Ürsel@Müller.example/Straße", "ürsel", "müller.example", "Straße"},
		{"A-label", "xn--mller-kva.example", "", "müller.example", ""},
		{"composed", "u\u0308@a", "ü", "a", ""},
		{"longest", long + "@b/" + long, long, "b", long},
		{"escaped", `d\27artagnan@a`, `d\27artagnan`, "a", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			j, err := Parse(tt.in)
			if err != nil || j.Local() != tt.local || j.Domain() != tt.domain || j.Resource() != tt.resource {
				t.Fatalf("got %q %q %q, %v", j.Local(), j.Domain(), j.Resource(), err)
			}
			if k, err := New(tt.local, tt.domain, tt.resource); err != nil || k != j {
				t.Errorf("New: got %q, %v", k, err)
			}
			if k, err := Parse(j.String()); err != nil || k != j {
				t.Errorf("again: got %q, %v", k, err)
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	long := strings.Repeat("a", 1024)
	tests := []struct{ in, want string }{
		{"", "no domain"},
		{"@b", "local part is empty"},
		{"a@", "no domain"},
		{"a@/x", "no domain"},
		{"a@b/", "resource is empty"},
		{"/x", "no domain"},
		{"a@b@c", ""},
		{"a b@c", ""},
		{`a"b@c`, "localpart"},
		{"a<b@c", "localpart"},
		{"a@b c", ""},
		{"a@-b", ""},
		{"a@b..c", "empty label"},
		{"a@b/\x00", ""},
		{"a@b/\xff", "UTF-8"},
		{long + "@b", "local part is longer"},
		{"a@b/" + long, "resource is longer"},
		{"a@" + long, "domain is longer"},
	}
	for _, tt := range tests {
		if j, err := Parse(tt.in); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.20q: got %q, %v, want %q", tt.in, j, err, tt.want)
		}
	}
}

func TestParts(t *testing.T) {
	full := MustParse("romeo@montague.example/orchard")
	tests := []struct {
		got              JID
		want             string
		full, bare, host bool
	}{
		{full, "romeo@montague.example/orchard", true, false, false},
		{full.Bare(), "romeo@montague.example", false, true, false},
		{full.Host(), "montague.example", false, false, true},
		{MustParse("montague.example/x"), "montague.example/x", true, false, false},
		{JID{}, "", false, false, false},
		{JID{}.Bare(), "", false, false, false},
		{JID{}.Host(), "", false, false, false},
	}
	for _, tt := range tests {
		if tt.got.String() != tt.want || tt.got.IsFull() != tt.full || tt.got.IsBare() != tt.bare || tt.got.IsHost() != tt.host ||
			tt.got.IsZero() != (tt.want == "") {
			t.Errorf("%q: got %q full %v bare %v host %v", tt.want, tt.got, tt.got.IsFull(), tt.got.IsBare(), tt.got.IsHost())
		}
	}
	if full.Bare() != MustParse("romeo@montague.example") || full.Host() != MustParse("montague.example") {
		t.Error("parts of one address differ from addresses made of them")
	}
}

func TestWithResource(t *testing.T) {
	j := MustParse("romeo@montague.example/orchard")
	for _, tt := range []struct{ in, want string }{
		{"balcony", "romeo@montague.example/balcony"},
		{"", "romeo@montague.example"},
		{"ü/@", "romeo@montague.example/ü/@"},
		{"u\u0308", "romeo@montague.example/ü"},
	} {
		if got, err := j.WithResource(tt.in); err != nil || got != MustParse(tt.want) {
			t.Errorf("%q: got %q, %v", tt.in, got, err)
		}
	}
	for _, in := range []string{"\x00", "\xff", strings.Repeat("a", 1024)} {
		if got, err := j.WithResource(in); err == nil {
			t.Errorf("%.10q: got %q", in, got)
		}
	}
}

func TestNewIsNotFooled(t *testing.T) {
	for _, parts := range [][3]string{{"a/b", "c", ""}, {"a@b", "c", ""}, {"", "a@b", ""}, {"", "a/b", ""}, {"", "a/b", "c"}, {"a", "", ""}} {
		if j, err := New(parts[0], parts[1], parts[2]); err == nil {
			t.Errorf("%q: got %q", parts, j)
		}
	}
}

func TestText(t *testing.T) {
	var j JID
	if err := j.UnmarshalText([]byte("A@b/c")); err != nil || j.String() != "a@b/c" {
		t.Errorf("got %q, %v", j, err)
	}
	if b, err := j.MarshalText(); err != nil || string(b) != "a@b/c" {
		t.Errorf("got %q, %v", b, err)
	}
	if err := j.UnmarshalText(nil); err != nil || !j.IsZero() {
		t.Errorf("got %q, %v", j, err)
	}
}

func TestSplit(t *testing.T) {
	tests := []struct{ in, local, domain, resource string }{
		{"a@b/c", "a", "b", "c"},
		{"a@b", "a", "b", ""},
		{"b", "", "b", ""},
		{"b/c", "", "b", "c"},
		{"A@B/C d@e/f", "A", "B", "C d@e/f"},
		{"", "", "", ""},
		{"@b", "", "", ""},
		{"a@", "", "", ""},
		{"a@b/", "", "", ""},
		{"a@b@c", "", "", ""},
		{"/c", "", "", ""},
		{"@", "", "", ""},
	}
	for _, tt := range tests {
		if l, d, r := Split(tt.in); l != tt.local || d != tt.domain || r != tt.resource {
			t.Errorf("%q: got %q %q %q", tt.in, l, d, r)
		}
	}
}

func TestEscape(t *testing.T) {
	tests := []struct{ plain, escaped string }{
		{"plain", "plain"},
		{"space cadet", `space\20cadet`},
		{`call me "ishmael"`, `call\20me\20\22ishmael\22`},
		{"at&t guy", `at\26t\20guy`},
		{"d'artagnan", `d\27artagnan`},
		{"/.fanboy", `\2f.fanboy`},
		{"::foo::", `\3a\3afoo\3a\3a`},
		{"<foo>", `\3cfoo\3e`},
		{"user@host", `user\40host`},
		{`c:\net`, `c\3a\net`},
		{`c:\5commas`, `c\3a\5c5commas`},
		{`\3and`, `\5c3and`},
		{`\3A`, `\3A`},
	}
	for _, tt := range tests {
		if got := Escape(tt.plain); got != tt.escaped {
			t.Errorf("Escape(%q): got %q, want %q", tt.plain, got, tt.escaped)
		}
		if got := Unescape(tt.escaped); got != tt.plain {
			t.Errorf("Unescape(%q): got %q, want %q", tt.escaped, got, tt.plain)
		}
	}
}

// An address can be printed and read again, and the fast path agrees with the slow one.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"a@b/c", "Ü@ü.example/ß", "a@[::1]", "1.2.3.4", "xn--a@xn--mller-kva", "a@b./c", "a.b-c@d-e.f1/ ", "ａ@b", "a@\u3002b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		Unescape(Escape(s))
		j, err := Parse(s)
		if err != nil {
			return
		}
		if again, err := Parse(j.String()); err != nil || again != j {
			t.Errorf("%q: %q, then %q, %v", s, j, again, err)
		}
		if again, err := New(j.Local(), j.Domain(), j.Resource()); err != nil || again != j {
			t.Errorf("%q: %q, from its parts %q, %v", s, j, again, err)
		}
		if slow, err := prepare(j.Local(), j.Domain(), j.Resource()); err != nil || slow != j {
			t.Errorf("%q: %q, without the fast path %q, %v", s, j, slow, err)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for name, s := range map[string]string{"ascii": "romeo@montague.example/orchard", "room": "coven@conference.localhost/thirdwitch", "unicode": "Ürsel@montague.example/ß"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
