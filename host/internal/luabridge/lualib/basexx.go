package lualib

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openBasexx makes basexx. Decoders take an optional second argument, characters to pass over; what is not in the alphabet gives nil and
// a message.
func (l *library) openBasexx(*lua.LState) lua.LValue {
	encode := func(f func([]byte) string) lua.LGFunction {
		return func(L *lua.LState) int { return pushString(L, f([]byte(L.CheckString(1)))) }
	}
	base32Decode := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString
	return l.table(map[string]lua.LGFunction{
		"to_base64":   encode(base64.StdEncoding.EncodeToString),
		"to_url64":    encode(base64.RawURLEncoding.EncodeToString),
		"to_base32":   encode(base32.StdEncoding.EncodeToString),
		"to_hex":      encode(func(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }),
		"from_base64": basexxDecode(base64.RawStdEncoding.DecodeString),
		"from_url64":  basexxDecode(base64.RawURLEncoding.DecodeString),
		"from_base32": basexxDecode(func(s string) ([]byte, error) { return base32Decode(strings.ToUpper(s)) }),
		"from_hex":    basexxDecode(hex.DecodeString),
	})
}

func basexxDecode(decode func(string) ([]byte, error)) lua.LGFunction {
	return func(L *lua.LState) int {
		s, ignored := L.CheckString(1), L.OptString(2, "")
		s = strings.Map(func(r rune) rune {
			if strings.ContainsRune(ignored, r) {
				return -1
			}
			return r
		}, s)
		b, err := decode(strings.TrimRight(s, "="))
		if err != nil {
			return pushFailure(L, "unexpected character in input")
		}
		return pushString(L, string(b))
	}
}
