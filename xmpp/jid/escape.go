package jid

import "strings"

// Escape makes any string usable as a local part (XEP-0106 #escaping): each of space " & ' / : < > @ becomes \ and two hex digits, and a
// backslash only where it would be taken for such an escape.
func Escape(s string) string {
	if !strings.ContainsAny(s, " \"&'/:<>@\\") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && unescaped(s[i:]) != 0:
			b.WriteString(`\5c`)
		case strings.IndexByte(" \"&'/:<>@", s[i]) >= 0:
			b.WriteByte('\\')
			b.WriteByte("0123456789abcdef"[s[i]>>4])
			b.WriteByte("0123456789abcdef"[s[i]&15])
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// Unescape undoes Escape (XEP-0106 #unescaping). What is no escape stays.
func Unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if c := unescaped(s[i:]); c != 0 {
			b.WriteByte(c)
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// unescaped is the character that the escape at the start of s stands for, 0 if there is none. Hex digits are lower case.
func unescaped(s string) byte {
	if len(s) < 3 || s[0] != '\\' {
		return 0
	}
	switch s[1:3] {
	case "20":
		return ' '
	case "22":
		return '"'
	case "26":
		return '&'
	case "27":
		return '\''
	case "2f":
		return '/'
	case "3a":
		return ':'
	case "3c":
		return '<'
	case "3e":
		return '>'
	case "40":
		return '@'
	case "5c":
		return '\\'
	}
	return 0
}
