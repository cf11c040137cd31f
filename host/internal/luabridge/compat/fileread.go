package compat

import (
	"bufio"
	"io"
	"os"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// readFormat is one thing to read: a line without ('l') or with ('L') its end, a number, everything, or size bytes ('c').
type readFormat struct {
	kind byte
	size int
}

// checkFormats reads the arguments of read and lines from index n on.
func checkFormats(L *lua.LState, n int) []readFormat {
	if L.GetTop() < n {
		return []readFormat{{kind: 'l'}}
	}
	var formats []readFormat
	for ; n <= L.GetTop(); n++ {
		if _, ok := L.Get(n).(lua.LNumber); ok {
			formats = append(formats, readFormat{'c', checkInt(L, n)})
			continue
		}
		s := strings.TrimPrefix(checkString(L, n), "*")
		if s == "" || strings.IndexByte("lLna", s[0]) < 0 {
			argError(L, n, "invalid format")
		}
		formats = append(formats, readFormat{kind: s[0]})
	}
	return formats
}

// read pushes what the formats ask for up to the first that fails, which gives nil.
func (f *luaFile) read(L *lua.LState, formats []readFormat) int {
	if f.r == nil {
		return pushSuccess(L, "", os.ErrClosed)
	}
	for i, format := range formats {
		v, err := f.readOne(L, format)
		if err != nil && err != io.EOF {
			return pushSuccess(L, "", err)
		}
		L.Push(v)
		if v == lua.LNil {
			return i + 1
		}
	}
	return len(formats)
}

func (f *luaFile) readOne(L *lua.LState, format readFormat) (lua.LValue, error) {
	r := f.reader()
	switch format.kind {
	case 'l', 'L':
		s, err := r.ReadString('\n')
		if s == "" {
			return lua.LNil, err
		}
		if format.kind == 'l' {
			s = strings.TrimSuffix(s, "\n")
		}
		return lua.LString(s), nil
	case 'n':
		n, ok := parseNumber(readNumeral(r))
		if !ok {
			return lua.LNil, nil
		}
		return lua.LNumber(n), nil
	case 'a':
		b, err := io.ReadAll(io.LimitReader(r, int64(Of(L).opts.MaxString)+1))
		checkSize(L, len(b))
		return lua.LString(b), err
	}
	if format.size == 0 {
		if _, err := r.Peek(1); err != nil {
			return lua.LNil, err
		}
		return lua.LString(""), nil
	}
	checkSize(L, format.size)
	b, err := io.ReadAll(io.LimitReader(r, int64(format.size)))
	if len(b) == 0 {
		return lua.LNil, err
	}
	return lua.LString(b), err
}

// readNumeral reads as far as a numeral can go (200 characters at most).
func readNumeral(r *bufio.Reader) string {
	var b strings.Builder
	for b.Len() < 200 {
		c, err := r.ReadByte()
		if err != nil {
			break
		}
		if b.Len() == 0 && ctype[c]&isSpace != 0 {
			continue
		}
		if ctype[c]&isXDigit == 0 && strings.IndexByte("+-.xXpP", c) < 0 {
			r.UnreadByte()
			break
		}
		b.WriteByte(c)
	}
	return b.String()
}
