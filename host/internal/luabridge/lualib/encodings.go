package lualib

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"
	"golang.org/x/net/idna"

	"quatrain/xmpp/jid"
)

// openEncodings makes util.encodings: base64, stringprep, idna, utf8, confusable, and of our own precis.
func (l *library) openEncodings(L *lua.LState) lua.LValue {
	lib := L.NewTable()
	lib.RawSetString("base64", l.table(map[string]lua.LGFunction{"encode": base64Encode, "decode": base64Decode}))
	lib.RawSetString("stringprep", l.table(map[string]lua.LGFunction{
		"nodeprep":     prepFunction(jid.Nodeprep),
		"nameprep":     prepFunction(jid.Nameprep),
		"resourceprep": prepFunction(jid.Resourceprep),
		"saslprep":     prepFunction(jid.Saslprep),
	}))
	lib.RawSetString("idna", l.table(map[string]lua.LGFunction{
		"to_ascii":   idnaFunction((*idna.Profile).ToASCII, lookup),
		"to_unicode": idnaFunction((*idna.Profile).ToUnicode, display),
	}))
	lib.RawSetString("utf8", l.table(map[string]lua.LGFunction{"valid": utf8Valid, "length": utf8Length}))
	lib.RawSetString("confusable", l.table(map[string]lua.LGFunction{"skeleton": confusableSkeleton}))
	lib.RawSetString("precis", l.table(map[string]lua.LGFunction{"nickname": precisNickname}))
	return lib
}

func base64Encode(L *lua.LState) int {
	return pushString(L, base64.StdEncoding.EncodeToString([]byte(L.CheckString(1))))
}

func base64Decode(L *lua.LState) int {
	s, ok := decodeBase64(L.CheckString(1))
	if !ok {
		return 0
	}
	return pushString(L, s)
}

// decodeBase64 passes over white space and drops an incomplete last group, as modules rely on; another character makes it fail.
func decodeBase64(s string) (string, bool) {
	out := make([]byte, 0, len(s)/4*3)
	var group uint32
	n := 0
	for i := range len(s) {
		c := s[i]
		if strings.IndexByte(" \t\n\r\f\b", c) >= 0 {
			continue
		}
		if c == '=' {
			out = appendBytes(out, group<<(6*(4-n)), n-1)
			group, n = 0, 0
			continue
		}
		d := strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", c)
		if d < 0 {
			return "", false
		}
		group, n = group<<6|uint32(d), n+1
		if n == 4 {
			out = appendBytes(out, group, 3)
			group, n = 0, 0
		}
	}
	return string(out), true
}

// appendBytes appends the first n of the three bytes in a group.
func appendBytes(out []byte, group uint32, n int) []byte {
	for shift := 16; n > 0; shift, n = shift-8, n-1 {
		out = append(out, byte(group>>shift))
	}
	return out
}

// prepFunction: string, whether to refuse code points that Unicode 3.2 had not assigned.
func prepFunction(prep func(string, bool) (string, bool)) lua.LGFunction {
	return func(L *lua.LState) int {
		s, ok := prep(L.CheckString(1), isTrue(L, 2))
		if !ok {
			L.Push(lua.LNil)
			return 1
		}
		return pushString(L, s)
	}
}

// The mappings are those of IDNA2003 within UTS 46, as ICU's older interface gives them to modules.
var (
	lookup  = idna.New(idna.MapForLookup(), idna.Transitional(true), idna.StrictDomainName(true), idna.VerifyDNSLength(true), idna.BidiRule())
	display = idna.New(idna.MapForLookup(), idna.Transitional(true), idna.StrictDomainName(true), idna.BidiRule())
)

func idnaFunction(convert func(*idna.Profile, string) (string, error), p *idna.Profile) lua.LGFunction {
	return func(L *lua.LState) int {
		s := L.CheckString(1)
		out, err := convert(p, strings.TrimSuffix(s, "."))
		if err != nil || out == "" || !utf8.ValidString(s) || strings.Contains(out, "..") {
			L.Push(lua.LNil)
			return 1
		}
		if strings.HasSuffix(s, ".") {
			out += "."
		}
		return pushString(L, out)
	}
}

func utf8Valid(L *lua.LState) int {
	L.Push(lua.LBool(utf8.ValidString(L.CheckString(1))))
	return 1
}

// utf8Length is the length in bytes of a string that is valid.
func utf8Length(L *lua.LState) int {
	s := L.CheckString(1)
	if !utf8.ValidString(s) {
		return pushFailure(L, "invalid utf8")
	}
	L.Push(lua.LNumber(len(s)))
	return 1
}
