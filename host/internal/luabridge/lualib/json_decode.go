package lualib

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"
)

// jsonDecoder reads RFC 8259 and what modules got used to besides: a comma after the last member of an object, control characters in
// strings, unknown escapes as they stand. Errors are messages; "" is none.
type jsonDecoder struct {
	L     *lua.LState
	l     *library
	s     string
	i     int
	depth int
}

func (d *jsonDecoder) document() (lua.LValue, string) {
	v, err := d.value()
	if err != "" {
		return nil, err
	}
	if d.space(); d.i < len(d.s) {
		return nil, "garbage at eof"
	}
	return v, ""
}

func (d *jsonDecoder) space() {
	for d.i < len(d.s) && strings.IndexByte(" \t\r\n", d.s[d.i]) >= 0 {
		d.i++
	}
}

// take is whether c comes next, and goes past it.
func (d *jsonDecoder) take(c byte) bool {
	if d.space(); d.i < len(d.s) && d.s[d.i] == c {
		d.i++
		return true
	}
	return false
}

func (d *jsonDecoder) value() (lua.LValue, string) {
	if d.space(); d.i == len(d.s) {
		return nil, "value expected"
	}
	switch c := d.s[d.i]; {
	case c == '{':
		return d.nested(d.object)
	case c == '[':
		return d.nested(d.array)
	case c == '"':
		s, err := d.string()
		return lua.LString(s), err
	case c >= '0' && c <= '9' || c == '-':
		return d.number()
	case c == 'n':
		return d.word("null", d.l.json.null)
	case c == 't':
		return d.word("true", lua.LTrue)
	case c == 'f':
		return d.word("false", lua.LFalse)
	}
	return nil, "value expected"
}

func (d *jsonDecoder) word(word string, v lua.LValue) (lua.LValue, string) {
	if !strings.HasPrefix(d.s[d.i:], word) {
		return nil, word + " parse failed"
	}
	d.i += len(word)
	return v, ""
}

func (d *jsonDecoder) number() (lua.LValue, string) {
	n := len(d.s) - d.i - len(strings.TrimLeft(d.s[d.i:], "0123456789.-eE+"))
	f, err := strconv.ParseFloat(d.s[d.i:d.i+n], 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return nil, "number parse failed"
	}
	d.i += n
	return lua.LNumber(f), ""
}

// nested goes past the opening bracket and one level deeper.
func (d *jsonDecoder) nested(read func() (lua.LValue, string)) (lua.LValue, string) {
	if d.depth++; d.depth > maxJSONDepth {
		return nil, "nested too deep"
	}
	d.i++
	v, err := read()
	d.depth--
	return v, err
}

func (d *jsonDecoder) array() (lua.LValue, string) {
	t := d.L.CreateTable(4, 0)
	t.Metatable = d.l.json.array
	if d.take(']') {
		return t, ""
	}
	for {
		v, err := d.value()
		if err != "" {
			return nil, err
		}
		t.Append(v)
		if d.take(']') {
			return t, ""
		}
		if !d.take(',') {
			return nil, "array eof"
		}
	}
}

func (d *jsonDecoder) object() (lua.LValue, string) {
	t := d.L.CreateTable(0, 4)
	for {
		if d.take('}') {
			return t, ""
		}
		if err := d.member(t); err != "" {
			return nil, err
		}
		if d.take('}') {
			d.l.restoreTable(d.L, t)
			return t, ""
		}
		if !d.take(',') {
			return nil, "object eof"
		}
	}
}

func (d *jsonDecoder) member(t *lua.LTable) string {
	if d.i == len(d.s) || d.s[d.i] != '"' {
		return "key expected"
	}
	key, err := d.string()
	if err != "" {
		return err
	}
	if !d.take(':') {
		return "colon expected"
	}
	v, err := d.value()
	if err == "" {
		t.RawSetString(key, v)
	}
	return err
}

// restoreTable puts the list and the other keys of a table back that the encoder wrote as members.
func (l *library) restoreTable(L *lua.LState, t *lua.LTable) {
	if items, ok := t.RawGetString("__array").(*lua.LTable); ok {
		t.RawSetString("__array", lua.LNil)
		for _, v := range list(L, items) {
			t.Append(v)
		}
	}
	if pairs, ok := t.RawGetString("__hash").(*lua.LTable); ok {
		t.RawSetString("__hash", lua.LNil)
		for i := 1; i < pairs.Len(); i += 2 {
			t.RawSet(pairs.RawGetInt(i), pairs.RawGetInt(i+1))
		}
	}
}

// string reads the string that starts at d.i.
func (d *jsonDecoder) string() (string, string) {
	start := d.i + 1
	for i := start; i < len(d.s); i++ {
		switch d.s[i] {
		case '"':
			d.i = i + 1
			return d.s[start:i], ""
		case '\\':
			return d.escaped(start, i)
		}
	}
	return "", "string eof"
}

// escaped goes on with a string that has an escape at i.
func (d *jsonDecoder) escaped(start, i int) (string, string) {
	out := append(make([]byte, 0, 2*(i-start)+16), d.s[start:i]...)
	for i < len(d.s) {
		switch c := d.s[i]; {
		case c == '"':
			d.i = i + 1
			return string(out), ""
		case c != '\\':
			out = append(out, c)
			i++
		case i+1 == len(d.s):
			return "", "string eof"
		case d.s[i+1] == 'u':
			r, n := unicodeEscape(d.s[i:])
			if n == 0 {
				return "", "invalid escape"
			}
			out, i = utf8.AppendRune(out, r), i+n
		default:
			out, i = appendUnescaped(out, d.s[i+1]), i+2
		}
	}
	return "", "string eof"
}

func appendUnescaped(out []byte, c byte) []byte {
	if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
		return append(out, "\"\\/\b\f\n\r\t"[i])
	}
	return append(out, '\\', c)
}

// unicodeEscape is the character that \uXXXX at the start of s stands for, two of them for one beyond the first plane, and their length;
// 0 if it stands for none.
func unicodeEscape(s string) (rune, int) {
	r, ok := codeUnit(s)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	low, ok := codeUnit(s[6:])
	r = utf16.DecodeRune(r, low)
	if !ok || r == utf8.RuneError {
		return 0, 0
	}
	return r, 12
}

func codeUnit(s string) (rune, bool) {
	if len(s) < 6 || s[:2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(n), err == nil
}
