package muccore

import (
	"slices"
	"testing"
)

func TestWhatLooksAlike(t *testing.T) {
	tests := map[string]struct {
		nick, other string
		alike       bool
	}{
		"itself":                {"Juliet", "Juliet", true},
		"case":                  {"Juliet", "JULIET", true},
		"case of other letters": {"Élan", "élan", true},
		"a Cyrillic letter":     {"Juliet", "Juliеt", true},
		"a space before":        {"Juliet", " Juliet", true},
		"spaces between":        {"Lady Capulet", "Lady  Capulet", true},
		"a capital I for an l":  {"Juliet", "JuIiet", true},
		"mathematical letters":  {"Juliet", "𝒥uliet", true},
		"wide letters":          {"Juliet", "Ｊｕｌｉｅｔ", true},
		"another nick":          {"Juliet", "Romeo", false},
		"one more letter":       {"Juliet", "Julieta", false},
		"no space at all":       {"Lady Capulet", "LadyCapulet", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			seen, other := looks(test.nick), looks(test.other)
			alike := slices.ContainsFunc(seen[:], func(s string) bool { return slices.Contains(other[:], s) })
			if alike != test.alike {
				t.Errorf("%q is %q, %q is %q", test.nick, seen, test.other, other)
			}
		})
	}
}

// Whatever a nick is made of, it looks like itself, and so do its copies with more spaces.
func FuzzLooks(f *testing.F) {
	for _, nick := range []string{"Juliet", "𝒥uliet　", " a  b ", "", "\xff", "ß", "İ", "ﬃ", "Ⅷ", "́"} {
		f.Add(nick)
	}
	f.Fuzz(func(t *testing.T, nick string) {
		if a, b := looks(nick), looks(" "+nick+" "); a[0] != b[0] {
			t.Errorf("%q: %q, with spaces %q", nick, a, b)
		}
	})
}
