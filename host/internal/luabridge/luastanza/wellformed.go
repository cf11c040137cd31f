package luastanza

import (
	"strings"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"
)

// What cannot be written as XML is an error where a module builds it, not on the wire, where it would end somebody's stream.

// checkName raises an error unless s can be the name of an element or an attribute. A name in a namespace is written URI\1name.
func checkName(L *lua.LState, what, s string) {
	local := s
	if at := strings.IndexByte(s, 1); at >= 0 {
		local = s[at+1:]
		if at == 0 || strings.ContainsAny(s[:at], "<>&'\" ") || !isText(s[:at]) {
			L.RaiseError("invalid name of %s: %q", what, s)
		}
	}
	if !isName(local) {
		L.RaiseError("invalid name of %s: %q", what, s)
	}
}

func isName(s string) bool {
	if s == "" || s[0] == '-' || s[0] == '.' || s[0] >= '0' && s[0] <= '9' {
		return false
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '.', c == '_', c == ':', c >= utf8.RuneSelf:
		default:
			return false
		}
	}
	return utf8.ValidString(s)
}

// checkText raises an error unless s can be a text or the value of an attribute: UTF-8 without control characters.
func checkText(L *lua.LState, what, s string) {
	if !isText(s) {
		L.RaiseError("invalid characters in %s: %q", what, s)
	}
}

func isText(s string) bool {
	ascii := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return false
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	return ascii || utf8.ValidString(s) && !strings.ContainsAny(s, "\ufffe\uffff")
}
