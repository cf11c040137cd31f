package jid

import (
	"strings"
	"testing"
)

func TestStringprep(t *testing.T) {
	const refused = "\x00"
	long := strings.Repeat("ü", 511)
	tests := []struct {
		name                       string
		in                         string
		node, host, resource, sasl string
	}{
		{"plain", "romeo", "romeo", "romeo", "romeo", "romeo"},
		{"case", "RoMeo", "romeo", "romeo", "RoMeo", "RoMeo"},
		{"case beyond ASCII", "ÄΣß", "äσss", "äσss", "ÄΣß", "ÄΣß"},
		{"compatibility", "ﬁ①", "fi1", "fi1", "fi1", "fi1"},
		{"composition", "u\u0308", "ü", "ü", "ü", "ü"},
		{"mapped to nothing", "a\u00adb\u1806c\ufe00", "abc", "abc", "abc", "abc"},
		{"space", "a b", refused, "a b", "a b", "a b"},
		{"other space", "a\u2003b", refused, "a b", "a b", "a b"},
		{"zero width space", "a\u200bb", "ab", "ab", "ab", "a b"},
		{"separators of addresses", "a@b", refused, "a@b", "a@b", "a@b"},
		{"control", "a\x07b", refused, "a\x07b", refused, refused},
		{"other control", "a\u0085b", refused, refused, refused, refused},
		{"private use", "\ue000", refused, refused, refused, refused},
		{"tagging", "\U000e0041", refused, refused, refused, refused},
		{"right to left", "\u05d0\u05d1", "\u05d0\u05d1", "\u05d0\u05d1", "\u05d0\u05d1", "\u05d0\u05d1"},
		{"both directions", "\u05d0a\u05d1", refused, refused, refused, refused},
		{"right to left, then a digit", "\u05d01", refused, refused, refused, refused},
		{"not UTF-8", "a\xff", refused, refused, refused, refused},
		{"longest", long, long, long, long, long},
		{"too long", long + "ab", refused, refused, refused, refused},
		{"too long when prepared", strings.Repeat("\ufdfa", 300), refused, refused, refused, refused},
		{"empty", "", "", "", "", ""},
	}
	for _, tt := range tests {
		for _, p := range []struct {
			name string
			f    func(string, bool) (string, bool)
			want string
		}{{"nodeprep", Nodeprep, tt.node}, {"nameprep", Nameprep, tt.host}, {"resourceprep", Resourceprep, tt.resource}, {"saslprep", Saslprep, tt.sasl}} {
			for _, strict := range []bool{false, true} {
				got, ok := p.f(tt.in, strict)
				if !ok {
					got = refused
				}
				if got != p.want {
					t.Errorf("%s: %s strict=%v: got %.40q, want %.40q", tt.name, p.name, strict, got, p.want)
				}
			}
		}
	}
}

func TestUnassigned(t *testing.T) {
	for _, s := range []string{"\U0001f3ad", "\U0001f130", "\u0221"} {
		if got, ok := Nodeprep(s, false); !ok || got != s {
			t.Errorf("%q: got %q, %v", s, got, ok)
		}
		if got, ok := Nodeprep(s, true); ok {
			t.Errorf("%q: got %q although strict", s, got)
		}
	}
}

// What was prepared stays: the profiles are used to make keys.
func FuzzStringprep(f *testing.F) {
	f.Add("Romeo\u00ad")
	f.Add("\u05d0\u05d1")
	f.Fuzz(func(t *testing.T, s string) {
		for i, prep := range []func(string, bool) (string, bool){Resourceprep, Saslprep} {
			once, ok := prep(s, true)
			if !ok {
				continue
			}
			if twice, ok := prep(once, true); ok && twice != once {
				t.Errorf("%d: %q: %q, then %q", i, s, once, twice)
			}
		}
	})
}
