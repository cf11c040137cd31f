package lualib

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/md5"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/hex"
	"hash"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

// openHashes makes util.hashes. The last argument of digests and HMACs asks for hexadecimal digits instead of bytes.
func (l *library) openHashes(*lua.LState) lua.LValue {
	functions := map[string]lua.LGFunction{
		"equals":             hashEquals,
		"pbkdf2_hmac_sha1":   pbkdf2Function(sha1.New),
		"pbkdf2_hmac_sha256": pbkdf2Function(sha256.New),
		"scram_Hi_sha1":      pbkdf2Function(sha1.New),
		"hkdf_hmac_sha256":   hkdfFunction(sha256.New),
		"hkdf_hmac_sha384":   hkdfFunction(sha512.New384),
	}
	for name, h := range map[string]func() hash.Hash{
		"md5": md5.New, "sha1": sha1.New, "sha224": sha256.New224, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New,
	} {
		functions[name] = digestFunction(h)
		functions["hmac_"+name] = hmacFunction(h)
	}
	return l.table(functions)
}

func pushDigest(L *lua.LState, sum []byte, asHex bool) int {
	if asHex {
		return pushString(L, hex.EncodeToString(sum))
	}
	return pushString(L, string(sum))
}

func digestFunction(h func() hash.Hash) lua.LGFunction {
	return func(L *lua.LState) int {
		d := h()
		d.Write([]byte(L.CheckString(1)))
		return pushDigest(L, d.Sum(nil), isTrue(L, 2))
	}
}

// hmacFunction: key, message, hex.
func hmacFunction(h func() hash.Hash) lua.LGFunction {
	return func(L *lua.LState) int {
		key, message := L.CheckString(1), L.CheckString(2)
		d := hmac.New(h, []byte(key))
		d.Write([]byte(message))
		return pushDigest(L, d.Sum(nil), isTrue(L, 3))
	}
}

// pbkdf2Function: password, salt, iterations. It works without the interpreter lock, since it is slow on purpose.
func pbkdf2Function(h func() hash.Hash) lua.LGFunction {
	return func(L *lua.LState) int {
		password, salt, iterations := L.CheckString(1), L.CheckString(2), L.CheckInt(3)
		if iterations < 1 {
			L.RaiseError("PBKDF2 needs at least one iteration, got %d", iterations)
		}
		var key []byte
		var err error
		compat.Of(L).Unlocked(L, func() { key, err = pbkdf2.Key(h, password, []byte(salt), iterations, h().Size()) })
		if err != nil {
			L.RaiseError("PBKDF2: %s", err.Error())
		}
		return pushString(L, string(key))
	}
}

// hkdfFunction: length in bytes, key, salt or nil, info or nil (RFC 5869).
func hkdfFunction(h func() hash.Hash) lua.LGFunction {
	return func(L *lua.LState) int {
		length, key, salt, info := L.CheckInt(1), L.CheckString(2), L.OptString(3, ""), L.OptString(4, "")
		out, err := hkdf.Key(h, []byte(key), []byte(salt), info, length)
		if err != nil {
			L.RaiseError("HKDF: %s", err.Error())
		}
		return pushString(L, string(out))
	}
}

// hashEquals compares two strings in a time that does not depend on where they differ.
func hashEquals(L *lua.LState) int {
	a, b := L.CheckString(1), L.CheckString(2)
	L.Push(lua.LBool(subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1))
	return 1
}
