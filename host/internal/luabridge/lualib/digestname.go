package lualib

import (
	"crypto"
	_ "crypto/md5" // the digests that can be named
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// digestNames are OpenSSL's, in lower case.
var digestNames = map[string]crypto.Hash{
	"md5": crypto.MD5, "sha1": crypto.SHA1, "sha224": crypto.SHA224, "sha256": crypto.SHA256, "sha384": crypto.SHA384, "sha512": crypto.SHA512,
}

// checkDigest is the digest whose name is the nth argument, or the default; "RSA-SHA256" is the same as "sha256".
func checkDigest(L *lua.LState, n int, otherwise string) crypto.Hash {
	name := L.OptString(n, otherwise)
	h, ok := digestNames[strings.TrimPrefix(strings.ToLower(name), "rsa-")]
	if !ok {
		L.ArgError(n, "no digest "+name)
	}
	return h
}

func digestOf(h crypto.Hash, data string) []byte {
	d := h.New()
	d.Write([]byte(data))
	return d.Sum(nil)
}
