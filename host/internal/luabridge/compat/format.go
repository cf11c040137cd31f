package compat

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// stringFormat is string.format as in Lua 5.1, with __tostring for %s and %a (5.2).
func stringFormat(L *lua.LState) int {
	f := formatter{L: L, arg: 1}
	format := checkString(L, 1)
	for {
		i := strings.IndexByte(format, '%')
		if i < 0 {
			break
		}
		f.out = append(f.out, format[:i]...)
		format = f.directive(format[i+1:])
		checkSize(L, len(f.out))
	}
	L.Push(lua.LString(append(f.out, format...)))
	return 1
}

type formatter struct {
	L   *lua.LState
	out []byte
	arg int
}

// directive formats one value and returns what follows the directive.
func (f *formatter) directive(s string) string {
	n := 0
	for n < len(s) && strings.IndexByte("-+ #0", s[n]) >= 0 {
		n++
	}
	flags := s[:n]
	width, n := f.digits(s, n)
	precision := -1
	if n < len(s) && s[n] == '.' {
		precision, n = f.digits(s, n+1)
		precision = max(precision, 0)
	}
	if n == len(s) || len(flags) > 5 {
		raisef(f.L, "invalid option '%%%s' to 'format'", s[:n])
	}
	verb := s[n]
	if verb == '%' {
		f.out = append(f.out, '%')
		return s[n+1:]
	}
	f.arg++
	if strings.IndexByte("cdiouxXeEfFgGaAqs", verb) < 0 {
		raisef(f.L, "invalid option '%%%s' to 'format'", s[:n+1])
	}
	checkAny(f.L, f.arg)
	f.value(verb, flags, width, precision)
	return s[n+1:]
}

// digits reads up to two digits at s[n:]; -1 if there are none.
func (f *formatter) digits(s string, n int) (value, end int) {
	value = -1
	for end = n; end < len(s) && '0' <= s[end] && s[end] <= '9'; end++ {
		if end-n == 2 {
			raisef(f.L, "invalid format (width or precision too long)")
		}
		value = max(value, 0)*10 + int(s[end]-'0')
	}
	return value, end
}

func (f *formatter) value(verb byte, flags string, width, precision int) {
	switch verb {
	case 'c':
		f.pad(string([]byte{byte(checkInt(f.L, f.arg))}), flags, width)
	case 'd', 'i':
		f.integer('d', flags, width, precision, int64(checkInt(f.L, f.arg)))
	case 'o', 'u', 'x', 'X':
		f.unsigned(verb, flags, width, precision)
	case 'q':
		f.quote(checkString(f.L, f.arg))
	case 's':
		s := ToString(f.L, f.L.Get(f.arg))
		if precision >= 0 && precision < len(s) {
			s = s[:precision]
		}
		f.pad(s, flags, width)
	default:
		f.float(verb, flags, width, precision, checkNumber(f.L, f.arg))
	}
}

func (f *formatter) pad(s, flags string, width int) {
	space := width - len(s)
	if space > 0 && !strings.Contains(flags, "-") {
		f.out = append(f.out, strings.Repeat(" ", space)...)
	}
	f.out = append(f.out, s...)
	if space > 0 && strings.Contains(flags, "-") {
		f.out = append(f.out, strings.Repeat(" ", space)...)
	}
}

func (f *formatter) integer(verb byte, flags string, width, precision int, v any) {
	if n, ok := v.(int64); ok && flags == "" && width < 0 && precision < 0 {
		f.out = strconv.AppendInt(f.out, n, 10)
		return
	}
	f.out = fmt.Appendf(f.out, goFormat(verb, flags, width, precision), v)
}

func (f *formatter) unsigned(verb byte, flags string, width, precision int) {
	n := checkNumber(f.L, f.arg)
	u := uint64(toInt(n))
	if n >= math.MaxInt64 && n < math.MaxUint64 {
		u = uint64(n)
	}
	flags = strings.NewReplacer("+", "", " ", "").Replace(flags)
	if u == 0 {
		flags = strings.ReplaceAll(flags, "#", "")
	}
	if verb == 'u' {
		verb = 'd'
	}
	f.integer(verb, flags, width, precision, u)
}

func (f *formatter) float(verb byte, flags string, width, precision int, v float64) {
	if math.IsInf(v, 0) || v != v {
		f.special(verb, flags, width, v)
		return
	}
	switch verb {
	case 'a', 'A':
		f.hexFloat(verb, flags, width, precision, v)
		return
	case 'F':
		verb = 'f'
	}
	if precision < 0 {
		precision = 6
	}
	f.out = fmt.Appendf(f.out, goFormat(verb, flags, width, precision), v)
}

// special formats infinities and NaN, which C neither pads with zeros nor writes as Go does.
func (f *formatter) special(verb byte, flags string, width int, v float64) {
	s := formatNumber(v)
	if !strings.HasPrefix(s, "-") {
		switch {
		case strings.Contains(flags, "+"):
			s = "+" + s
		case strings.Contains(flags, " "):
			s = " " + s
		}
	}
	if verb < 'a' {
		s = strings.ToUpper(s)
	}
	f.pad(s, flags, width)
}

// hexFloat is %a: Go's %x writes at least two digits of exponent, C does not.
func (f *formatter) hexFloat(verb byte, flags string, width, precision int, v float64) {
	s := strconv.FormatFloat(v, 'x', precision, 64)
	i := strings.IndexByte(s, 'p') + 2
	s = s[:i] + strings.TrimPrefix(s[i:], "0")
	if verb == 'A' {
		s = strings.ToUpper(s)
	}
	if strings.Contains(flags, "+") && v >= 0 {
		s = "+" + s
	}
	f.pad(s, flags, width)
}

func goFormat(verb byte, flags string, width, precision int) string {
	var b strings.Builder
	b.WriteByte('%')
	b.WriteString(flags)
	if width >= 0 {
		b.WriteString(strconv.Itoa(width))
	}
	if precision >= 0 {
		b.WriteByte('.')
		b.WriteString(strconv.Itoa(precision))
	}
	b.WriteByte(verb)
	return b.String()
}

// quote is %q: a literal that reads back as the same string.
func (f *formatter) quote(s string) {
	f.out = append(f.out, '"')
	for i := range len(s) {
		switch c := s[i]; c {
		case '"', '\\', '\n':
			f.out = append(f.out, '\\', c)
		case '\r':
			f.out = append(f.out, `\r`...)
		case 0:
			f.out = append(f.out, `\000`...)
		default:
			f.out = append(f.out, c)
		}
	}
	f.out = append(f.out, '"')
}
