package xmlstream

import (
	"unicode"
	"unicode/utf8"
)

// What a byte can mean to the tokenizer.
const (
	isNameStart = 1 << iota
	isNameChar
	isHigh     // part of a longer rune
	isBad      // no character of XML
	isAttrEdit // changes in an attribute value
	isTextEdit // changes in text
	isBracket  // "]" might be part of "]]>"
	isLess     // "<"
)

var class = buildClass()

func buildClass() (t [256]uint8) {
	for c := range 256 {
		b := byte(c)
		switch {
		case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b == '_':
			t[c] = isNameStart | isNameChar
		case b >= '0' && b <= '9', b == '-', b == '.':
			t[c] = isNameChar
		case b < 0x20:
			t[c] = isBad
		case b >= utf8.RuneSelf:
			t[c] = isHigh
		}
	}
	t['\t'], t['\n'] = isAttrEdit, isAttrEdit
	t['\r'], t['&'] = isAttrEdit|isTextEdit, isAttrEdit|isTextEdit
	t[']'], t['<'] = isBracket, isLess
	return t
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// validRunes is whether b is UTF-8 of characters that XML has (XML 1.0 §2.2), the control characters aside.
func validRunes(b []byte) bool {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if n == 1 || r == 0xFFFE || r == 0xFFFF {
			return false
		}
		i += n
	}
	return true
}

func validRune(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// nameStart and nameChar are the ranges beyond ASCII of XML 1.0 §2.3.
var (
	nameStart = &unicode.RangeTable{
		R16: []unicode.Range16{{0xC0, 0xD6, 1}, {0xD8, 0xF6, 1}, {0xF8, 0x2FF, 1}, {0x370, 0x37D, 1}, {0x37F, 0x1FFF, 1}, {0x200C, 0x200D, 1},
			{0x2070, 0x218F, 1}, {0x2C00, 0x2FEF, 1}, {0x3001, 0xD7FF, 1}, {0xF900, 0xFDCF, 1}, {0xFDF0, 0xFFFD, 1}},
		R32:         []unicode.Range32{{0x10000, 0xEFFFF, 1}},
		LatinOffset: 2,
	}
	nameChar = &unicode.RangeTable{
		R16:         []unicode.Range16{{0xB7, 0xB7, 1}, {0x300, 0x36F, 1}, {0x203F, 0x2040, 1}},
		LatinOffset: 1,
	}
)

// scanName is where the qualified name that starts at i ends, and where its colon is, -1 for none. ok is false if it breaks Namespaces in
// XML §4. A name that reaches the end of b may go on.
func scanName(b []byte, i int) (end, colon int, ok bool) {
	colon = -1
	want := uint8(isNameStart)
	for i < len(b) {
		c := b[i]
		switch {
		case class[c]&want != 0:
			i++
			want = isNameChar
		case c == ':':
			if colon >= 0 || want == isNameStart {
				return i, colon, false
			}
			colon = i
			i++
			want = isNameStart
		case c >= utf8.RuneSelf:
			if !utf8.FullRune(b[i:]) {
				return len(b), colon, true
			}
			r, n := utf8.DecodeRune(b[i:])
			if n == 1 || !unicode.Is(nameStart, r) && (want == isNameStart || !unicode.Is(nameChar, r)) {
				return i, colon, false
			}
			i += n
			want = isNameChar
		default:
			return i, colon, want == isNameChar
		}
	}
	return i, colon, true
}
