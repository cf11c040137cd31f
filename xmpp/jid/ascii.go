package jid

import "strings"

// What an ASCII character may be part of without preparation.
const (
	inLocal = 1 << iota
	inLabel
	inResource
)

var asciiClass = buildASCIIClass()

func buildASCIIClass() (t [256]uint8) {
	for c := byte(0x20); c < 0x7f; c++ {
		t[c] = inResource
		upper := c >= 'A' && c <= 'Z'
		if c != ' ' && !upper && !strings.ContainsRune(`"&'/:<>@`, rune(c)) {
			t[c] |= inLocal
		}
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' {
			t[c] |= inLabel
		}
	}
	return t
}

// parseASCII takes what is its own prepared form; everything else, right or wrong, is left to the slow path.
func parseASCII(s string) (JID, bool) {
	if len(s) > 3*MaxPart+2 {
		return JID{}, false
	}
	i := spanOf(s, 0, inLocal)
	start := 0
	if i < len(s) && s[i] == '@' {
		if i == 0 || i > MaxPart {
			return JID{}, false
		}
		start = i + 1
	}
	end := plainDomain(s, start)
	if end < 0 {
		return JID{}, false
	}
	if end < len(s) && (len(s)-end-1 > MaxPart || !plainResource(s[end+1:])) {
		return JID{}, false
	}
	return JID{full: s, start: uint16(start), end: uint16(end)}, true
}

// spanOf is where the run of characters of that class ends.
func spanOf(s string, i int, class uint8) int {
	for i < len(s) && asciiClass[s[i]]&class != 0 {
		i++
	}
	return i
}

func plainResource(s string) bool { return s != "" && spanOf(s, 0, inResource) == len(s) }

// plainDomain is where the domain that starts at i ends, or -1 if it needs preparation: labels of a-z, 0-9 and inner single hyphens,
// none of them all digits at the end, so that neither IDNA nor an IP address is involved.
func plainDomain(s string, i int) int {
	first := i
	for {
		start := i
		i = spanOf(s, i, inLabel)
		if !plainLabel(s[start:i]) {
			return -1
		}
		if i == len(s) || s[i] == '/' {
			if i-first > MaxPart || s[i-1] <= '9' {
				return -1
			}
			return i
		}
		if s[i] != '.' {
			return -1
		}
		i++
	}
}

func plainLabel(l string) bool {
	n := len(l)
	return n > 0 && n < 64 && l[0] != '-' && l[n-1] != '-' && !(n > 3 && l[2] == '-' && l[3] == '-')
}
