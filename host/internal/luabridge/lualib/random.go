package lualib

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"time"

	"github.com/google/uuid"
	lua "github.com/yuin/gopher-lua"
)

// maxRandom bounds one request for random bytes.
const maxRandom = 1 << 20

func randomBytes(L *lua.LState, n int) []byte {
	if n < 0 || n > maxRandom {
		L.ArgError(1, "number of bytes out of range")
	}
	b := make([]byte, n)
	rand.Read(b) // never fails: crypto/rand
	return b
}

// openRandom makes util.random and util.crand.
func (l *library) openRandom(*lua.LState) lua.LValue {
	lib := l.table(map[string]lua.LGFunction{
		"bytes": func(L *lua.LState) int { return pushString(L, string(randomBytes(L, L.CheckInt(1)))) },
		"seed":  func(*lua.LState) int { return 0 },
	})
	lib.RawSetString("_source", lua.LString("crypto/rand"))
	return lib
}

func pushID(L *lua.LState, size int) int {
	return pushString(L, base64.RawURLEncoding.EncodeToString(randomBytes(L, size)))
}

// openID makes util.id: random identifiers in the URL-safe base64 alphabet.
func (l *library) openID(*lua.LState) lua.LValue {
	functions := map[string]lua.LGFunction{"custom": func(L *lua.LState) int {
		size := L.CheckInt(1)
		L.Push(L.NewFunction(func(L *lua.LState) int { return pushID(L, size) }))
		return 1
	}}
	for name, size := range map[string]int{"tiny": 3, "short": 9, "medium": 18, "long": 27} {
		functions[name] = func(L *lua.LState) int { return pushID(L, size) }
	}
	return l.table(functions)
}

// openUUID makes util.uuid: RFC 9562 version 4, and 7, which sorts by time.
func (l *library) openUUID(*lua.LState) lua.LValue {
	return l.table(map[string]lua.LGFunction{
		"generate": func(L *lua.LState) int { return pushString(L, uuid.NewString()) },
		"v4":       func(L *lua.LState) int { return pushString(L, uuid.NewString()) },
		"v7":       func(L *lua.LState) int { return pushString(L, uuid.Must(uuid.NewV7()).String()) },
		"seed":     func(*lua.LState) int { return 0 },
		"get_nibbles": func(L *lua.LState) int {
			n := L.CheckInt(1)
			return pushString(L, hex.EncodeToString(randomBytes(L, (n+1)/2))[:n])
		},
	})
}

// now is the time as Lua has it: seconds since 1970.
func now() float64 { return float64(time.Now().UnixNano()) / 1e9 }

var started = time.Now()

// openTime makes util.time.
func (l *library) openTime(*lua.LState) lua.LValue {
	return l.table(map[string]lua.LGFunction{
		"now": func(L *lua.LState) int {
			L.Push(lua.LNumber(now()))
			return 1
		},
		"monotonic": func(L *lua.LState) int {
			L.Push(lua.LNumber(time.Since(started).Seconds()))
			return 1
		},
	})
}
