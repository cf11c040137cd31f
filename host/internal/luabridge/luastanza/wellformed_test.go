package luastanza

import "testing"

func TestIsName(t *testing.T) {
	for s, want := range map[string]bool{"a": true, "stream:features": true, "_x-1.y": true, "é": true, "": false, "1a": false, "-a": false,
		"a b": false, "a>": false, "a=": false, "a\x00": false, "\xff": false} {
		if got := isName(s); got != want {
			t.Errorf("isName(%q) = %v", s, got)
		}
	}
}

func TestIsText(t *testing.T) {
	for s, want := range map[string]bool{"": true, "a\tb\r\n<&>": true, "é😀": true, "\x00": false, "\x1f": false, "\xff": false, "\xed\xa0\x80": false, "\uffff": false} {
		if got := isText(s); got != want {
			t.Errorf("isText(%q) = %v", s, got)
		}
	}
}
