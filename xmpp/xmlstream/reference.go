package xmlstream

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// appendDecoded appends what text or an attribute value stands for: references replaced, line ends normalised (XML 1.0 §2.11), and in
// attributes white space turned into spaces (§3.3.3).
func appendDecoded(dst, b []byte, attr bool) ([]byte, error) {
	for i := 0; i < len(b); {
		switch c := b[i]; {
		case c == '&':
			end := bytes.IndexByte(b[i:], ';')
			if end < 0 {
				return nil, malformed("reference without end")
			}
			r, err := reference(b[i+1 : i+end])
			if err != nil {
				return nil, err
			}
			dst = utf8.AppendRune(dst, r)
			i += end + 1
			continue
		case c == '\r':
			if i+1 < len(b) && b[i+1] == '\n' {
				i++
			}
			dst = append(dst, lineEnd(attr))
		case attr && (c == '\n' || c == '\t'):
			dst = append(dst, ' ')
		default:
			dst = append(dst, c)
		}
		i++
	}
	return dst, nil
}

func lineEnd(attr bool) byte {
	if attr {
		return ' '
	}
	return '\n'
}

// reference is the character between "&" and ";".
func reference(name []byte) (rune, error) {
	switch string(name) {
	case "lt":
		return '<', nil
	case "gt":
		return '>', nil
	case "amp":
		return '&', nil
	case "apos":
		return '\'', nil
	case "quot":
		return '"', nil
	}
	if len(name) > 1 && name[0] == '#' {
		return charReference(string(name[1:]))
	}
	if end, _, ok := scanName(name, 0); len(name) > 0 && ok && end == len(name) {
		return 0, violation(RestrictedXML, "an entity other than the five of XML")
	}
	return 0, malformed("faulty reference")
}

func charReference(digits string) (rune, error) {
	base := 10
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	if digits == "" || digits[0] == '+' || digits[0] == '-' {
		return 0, malformed("faulty character reference")
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n > utf8.MaxRune || !validRune(rune(n)) {
		return 0, malformed("faulty character reference")
	}
	return rune(n), nil
}
