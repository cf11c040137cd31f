package lualib

import (
	"encoding/hex"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openHex makes util.hex.
func (l *library) openHex(*lua.LState) lua.LValue {
	return l.table(map[string]lua.LGFunction{"encode": hexEncode, "to": hexEncode, "decode": hexDecode, "from": hexDecode})
}

func hexEncode(L *lua.LState) int { return pushString(L, hex.EncodeToString([]byte(L.CheckString(1)))) }

// hexDecode passes over what is no digit before and after pairs of digits; what belongs to no pair stays, in lower case.
func hexDecode(L *lua.LState) int {
	s := L.CheckString(1)
	out := make([]byte, 0, len(s)/2)
	for i := 0; i < len(s); {
		j := nextHexDigit(s, i)
		if j+1 >= len(s) || hexDigit(s[j+1]) < 0 {
			end := min(j+1, len(s))
			out = append(out, strings.ToLower(s[i:end])...)
			i = end
			continue
		}
		out = append(out, byte(hexDigit(s[j])<<4|hexDigit(s[j+1])))
		i = nextHexDigit(s, j+2)
	}
	return pushString(L, string(out))
}

// nextHexDigit is the index of the first digit from i on, or the length.
func nextHexDigit(s string, i int) int {
	for i < len(s) && hexDigit(s[i]) < 0 {
		i++
	}
	return i
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c - 'a' + 10)
	case 'A' <= c && c <= 'F':
		return int(c - 'A' + 10)
	}
	return -1
}
