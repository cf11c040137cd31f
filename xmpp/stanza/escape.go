package stanza

import "unicode/utf8"

// What a byte means to the printer, by the bits set for it.
const (
	escText  = 1 << iota // replaced in text
	escAttr              // replaced in attribute values
	escCheck             // first byte of a longer rune, to be looked at
)

var escapeClass = buildEscapeClass()

func buildEscapeClass() (t [256]uint8) {
	for c := range 0x20 {
		t[c] = escText | escAttr
	}
	t['\t'], t['\n'] = escAttr, escAttr
	for _, c := range "&<>" {
		t[c] = escText | escAttr
	}
	t['\''], t['"'] = escAttr, escAttr
	for c := utf8.RuneSelf; c < 256; c++ {
		t[c] = escCheck
	}
	return t
}

// AppendText appends character data with & < > escaped.
func AppendText(dst []byte, s string) []byte { return appendEscaped(dst, s, escText|escCheck) }

// AppendAttrValue appends an attribute value, without quotes, with & < > ' " escaped.
func AppendAttrValue(dst []byte, s string) []byte { return appendEscaped(dst, s, escAttr|escCheck) }

// appendEscaped also keeps the document well-formed whatever s is: white space that parsers normalise becomes a reference, and what
// XML cannot express (XML 1.0 §2.2) becomes U+FFFD.
func appendEscaped(dst []byte, s string, mask uint8) []byte {
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		class := escapeClass[c] & mask
		if class == 0 {
			i++
			continue
		}
		if class == escCheck {
			r, n := utf8.DecodeRuneInString(s[i:])
			if n > 1 && r != 0xFFFE && r != 0xFFFF {
				i += n
				continue
			}
			dst = append(append(dst, s[start:i]...), "\uFFFD"...)
			i += n
			start = i
			continue
		}
		dst = append(append(dst, s[start:i]...), escapeOf(c)...)
		i++
		start = i
	}
	return append(dst, s[start:]...)
}

func escapeOf(c byte) string {
	switch c {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	case '\'':
		return "&apos;"
	case '"':
		return "&quot;"
	case '\t':
		return "&#9;"
	case '\n':
		return "&#10;"
	case '\r':
		return "&#13;"
	}
	return "\uFFFD"
}

// ValidText is whether s can be carried as it is: valid UTF-8 of characters that XML has (XML 1.0 §2.2).
func ValidText(s string) bool {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if n == 1 || r == 0xFFFE || r == 0xFFFF {
			return false
		}
		i += n
	}
	return true
}
