package compat

import (
	lua "github.com/yuin/gopher-lua"
)

// openUTF8 makes the utf8 library: Lua 5.3 and 5.4 §6.5.
func (it *Interp) openUTF8() {
	lib := it.register("utf8", map[string]lua.LGFunction{
		"char":      utf8Char,
		"codepoint": utf8CodePoint,
		"codes":     utf8Codes,
		"len":       utf8Len,
		"offset":    utf8Offset,
	})
	lib.RawSetString("charpattern", lua.LString("[\x00-\x7F\xC2-\xFD][\x80-\xBF]*"))
}

// decodeUTF8 reads the code point that s begins with; size is 0 if there is none. lax also takes surrogates and code points to 2^31.
func decodeUTF8(s string, lax bool) (code, size int) {
	if s == "" {
		return 0, 0
	}
	c := s[0]
	if c < 0x80 {
		return int(c), 1
	}
	if c < 0xc0 || c >= 0xfe {
		return 0, 0
	}
	size = 2
	for c<<size&0x80 != 0 {
		size++
	}
	if size > len(s) {
		return 0, 0
	}
	code = int(c & (0x7f >> size))
	for i := 1; i < size; i++ {
		if s[i]&0xc0 != 0x80 {
			return 0, 0
		}
		code = code<<6 | int(s[i]&0x3f)
	}
	least := [...]int{2: 0x80, 3: 0x800, 4: 0x10000, 5: 0x200000, 6: 0x4000000}
	if code < least[size] || !lax && (code > 0x10ffff || code >= 0xd800 && code <= 0xdfff) {
		return 0, 0
	}
	return code, size
}

func isContinuation(s string, i int) bool { return i < len(s) && s[i]&0xc0 == 0x80 }

func utf8Char(L *lua.LState) int {
	var b []byte
	for i := 1; i <= L.GetTop(); i++ {
		code := checkInt(L, i)
		if code < 0 || code > 0x7fffffff {
			argError(L, i, "value out of range")
		}
		b = encodeUTF8(b, code)
	}
	L.Push(lua.LString(b))
	return 1
}

// bytePosition is argument n as an index from 0, counted from the end if negative.
func bytePosition(L *lua.LState, n, otherwise, length int) int {
	i := optInt(L, n, otherwise)
	if i < 0 {
		i += length + 1
	}
	return i - 1
}

func utf8CodePoint(L *lua.LState) int {
	s := checkString(L, 1)
	i := bytePosition(L, 2, 1, len(s))
	j := bytePosition(L, 3, i+1, len(s))
	if i < 0 {
		argError(L, 2, "out of bounds")
	}
	if j >= len(s) {
		argError(L, 3, "out of bounds")
	}
	n := 0
	for i <= j {
		code, size := decodeUTF8(s[i:], lua.LVAsBool(L.Get(4)))
		if size == 0 {
			raisef(L, "invalid UTF-8 code")
		}
		L.Push(lua.LNumber(code))
		i += size
		n++
	}
	return n
}

func utf8Len(L *lua.LState) int {
	s := checkString(L, 1)
	i := bytePosition(L, 2, 1, len(s))
	j := bytePosition(L, 3, -1, len(s))
	if i < 0 || i > len(s) {
		argError(L, 2, "initial position out of bounds")
	}
	if j >= len(s) {
		argError(L, 3, "final position out of bounds")
	}
	n := 0
	for i <= j {
		_, size := decodeUTF8(s[i:], lua.LVAsBool(L.Get(4)))
		if size == 0 {
			L.Push(lua.LNil)
			L.Push(lua.LNumber(i + 1))
			return 2
		}
		i += size
		n++
	}
	L.Push(lua.LNumber(n))
	return 1
}

func utf8Codes(L *lua.LState) int {
	s := checkString(L, 1)
	lax := lua.LVAsBool(L.Get(2))
	L.Push(L.NewFunction(func(L *lua.LState) int {
		i := checkInt(L, 2)
		for i > 0 && isContinuation(s, i) {
			i++
		}
		if i >= len(s) {
			return 0
		}
		code, size := decodeUTF8(s[i:], lax)
		if size == 0 || isContinuation(s, i+size) {
			raisef(L, "invalid UTF-8 code")
		}
		L.Push(lua.LNumber(i + 1))
		L.Push(lua.LNumber(code))
		return 2
	}))
	L.Push(lua.LString(s))
	L.Push(lua.LNumber(0))
	return 3
}

func utf8Offset(L *lua.LState) int {
	s, n := checkString(L, 1), checkInt(L, 2)
	otherwise := 1
	if n <= 0 {
		otherwise = len(s) + 1
	}
	i := bytePosition(L, 3, otherwise, len(s))
	if i < 0 || i > len(s) {
		argError(L, 3, "position out of bounds")
	}
	if n != 0 && isContinuation(s, i) {
		raisef(L, "initial position is a continuation byte")
	}
	i, ok := offset(s, n, i)
	return pushNumberOrNil(L, float64(i+1), ok)
}

// offset is where the n-th character from index i on begins: 0 is the one that contains i, negative ones come before.
func offset(s string, n, i int) (int, bool) {
	back := func() {
		for i--; i > 0 && isContinuation(s, i); i-- {
		}
	}
	switch {
	case n == 0:
		for i > 0 && isContinuation(s, i) {
			i--
		}
	case n < 0:
		for ; n < 0 && i > 0; n++ {
			back()
		}
	default:
		for n--; n > 0 && i < len(s); n-- {
			for i++; isContinuation(s, i); i++ {
			}
		}
	}
	return i, n == 0
}
