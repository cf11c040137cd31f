package compat

import (
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// space is what C's isspace accepts.
const space = " \t\n\v\f\r"

// formatNumber prints as C's %.14g, which is how Lua prints numbers.
func formatNumber(f float64) string {
	var room [maxNumeral]byte
	return string(appendNumber(room[:0], f))
}

// maxNumeral is the length of the longest number that appendNumber writes, and then some.
const maxNumeral = 24

func appendNumber(b []byte, f float64) []byte {
	if i := int64(f); float64(i) == f && i > -1e14 && i < 1e14 && (i != 0 || !math.Signbit(f)) {
		return strconv.AppendInt(b, i, 10)
	}
	switch {
	case math.IsInf(f, 1):
		return append(b, "inf"...)
	case math.IsInf(f, -1):
		return append(b, "-inf"...)
	case f != f && math.Signbit(f):
		return append(b, "-nan"...)
	case f != f:
		return append(b, "nan"...)
	}
	return strconv.AppendFloat(b, f, 'g', 14, 64)
}

// small are the values of small integers: making a value of a number allocates.
var small = func() (values [1024]lua.LValue) {
	for i := range values {
		values[i] = lua.LNumber(i)
	}
	return values
}()

// integer is n as a value.
func integer(n int) lua.LValue {
	if uint(n) < uint(len(small)) {
		return small[n]
	}
	return lua.LNumber(n)
}

// parseNumber reads a numeral with white space around it: decimal, or hexadecimal with optional fraction and exponent.
func parseNumber(s string) (float64, bool) {
	s = strings.Trim(s, space)
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 || digits == "" {
		return 0, false
	}
	if len(digits) > 2 && digits[0] == '0' && digits[1]|0x20 == 'x' {
		f, ok := parseHex(digits[2:])
		if s[0] == '-' {
			f = -f
		}
		return f, ok
	}
	for i := 0; i < len(digits); i++ {
		if c := digits[i]; (c < '0' || c > '9') && c != '.' && c|0x20 != 'e' && c != '+' && c != '-' {
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

func parseHex(s string) (f float64, ok bool) {
	s, exponent, hasExponent := strings.Cut(strings.ToLower(s), "p")
	whole, fraction, _ := strings.Cut(s, ".")
	for i := range len(whole) + len(fraction) {
		d := hexValue((whole + fraction)[i])
		if d < 0 {
			return 0, false
		}
		f = f*16 + float64(d)
	}
	e := 0
	if hasExponent {
		n, err := strconv.Atoi(exponent)
		if err != nil {
			return 0, false
		}
		e = n
	}
	return math.Ldexp(f, e-4*len(fraction)), len(whole)+len(fraction) > 0
}

// toNumber converts a number or numeral; strings count as in arithmetic.
func toNumber(v lua.LValue) (float64, bool) {
	switch v := v.(type) {
	case lua.LNumber:
		return float64(v), true
	case lua.LString:
		return parseNumber(string(v))
	}
	return 0, false
}

// parseBase reads an integer in a base from 2 to 36, with an optional minus sign and white space around it.
func parseBase(s string, base int) (float64, bool) {
	s = strings.Trim(s, space)
	s, negative := strings.CutPrefix(s, "-")
	if base == 16 && len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'x' {
		s = s[2:]
	}
	f := 0.0
	for i := range len(s) {
		d := strings.IndexByte("0123456789abcdefghijklmnopqrstuvwxyz", lower(s[i]))
		if d < 0 || d >= base {
			return 0, false
		}
		f = f*float64(base) + float64(d)
	}
	if negative {
		f = -f
	}
	return f, s != ""
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// encodeUTF8 encodes code points up to 2^31, as Lua 5.4 does, surrogates too.
func encodeUTF8(b []byte, code int) []byte {
	switch {
	case code < 0x80:
		return append(b, byte(code))
	case code < 0x800:
		return append(b, 0xc0|byte(code>>6), 0x80|byte(code)&0x3f)
	case code < 0x10000:
		return append(b, 0xe0|byte(code>>12), 0x80|byte(code>>6)&0x3f, 0x80|byte(code)&0x3f)
	case code < 0x200000:
		return append(b, 0xf0|byte(code>>18), 0x80|byte(code>>12)&0x3f, 0x80|byte(code>>6)&0x3f, 0x80|byte(code)&0x3f)
	case code < 0x4000000:
		b = append(b, 0xf8|byte(code>>24), 0x80|byte(code>>18)&0x3f)
	default:
		b = append(b, 0xfc|byte(code>>30), 0x80|byte(code>>24)&0x3f, 0x80|byte(code>>18)&0x3f)
	}
	return append(b, 0x80|byte(code>>12)&0x3f, 0x80|byte(code>>6)&0x3f, 0x80|byte(code)&0x3f)
}
