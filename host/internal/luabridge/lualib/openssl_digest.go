package lualib

import (
	"crypto"
	"crypto/hmac"
	"hash"

	lua "github.com/yuin/gopher-lua"
)

// The libraries openssl.* have the names of luaossl, as far as modules use them.

// digester is an object that is fed and gives a digest, or a keyed one, in the end.
type digester struct {
	hash.Hash
	kind crypto.Hash
}

const digestClass = "digest"

// openOpenSSLDigest makes openssl.digest: new(type = "sha1"), with update and final.
func (l *library) openOpenSSLDigest(*lua.LState) lua.LValue {
	class := l.digestClass()
	return l.table(map[string]lua.LGFunction{"new": func(L *lua.LState) int {
		kind := checkDigest(L, 1, "sha1")
		L.Push(l.object(class, &digester{kind.New(), kind}))
		return 1
	}})
}

// openOpenSSLHMAC makes openssl.hmac: new(key, type = "sha1"), with update and final.
func (l *library) openOpenSSLHMAC(*lua.LState) lua.LValue {
	class := l.digestClass()
	return l.table(map[string]lua.LGFunction{"new": func(L *lua.LState) int {
		kind := checkDigest(L, 2, "sha1")
		L.Push(l.object(class, &digester{hmac.New(kind.New, []byte(L.CheckString(1))), kind}))
		return 1
	}})
}

func (l *library) digestClass() *lua.LTable {
	return l.class(digestClass, map[string]lua.LGFunction{"update": updateDigest, "final": finalDigest})
}

// updateDigest takes strings and gives the object itself.
func updateDigest(L *lua.LState) int {
	feed(L, self[*digester](L, digestClass))
	L.Push(L.Get(1))
	return 1
}

// finalDigest takes more strings and gives the bytes.
func finalDigest(L *lua.LState) int {
	d := self[*digester](L, digestClass)
	feed(L, d)
	return pushString(L, string(d.Sum(nil)))
}

func feed(L *lua.LState, d *digester) {
	for n := 2; n <= L.GetTop(); n++ {
		d.Write([]byte(L.CheckString(n)))
	}
}
