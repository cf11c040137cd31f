package compat

import (
	"bytes"
	"fmt"
)

// filterSource turns what gopher-lua's scanner does not know into what it knows, keeping line numbers: a byte order mark, a first line
// beginning with #, and in strings the escapes \xXX, \u{XXX} and \z (Lua 5.4 Reference Manual §3.1).
func filterSource(src []byte) []byte {
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(src, []byte("#")) {
		src = append([]byte("--"), src...)
	}
	if !bytes.Contains(src, []byte(`\x`)) && !bytes.Contains(src, []byte(`\u{`)) && !bytes.Contains(src, []byte(`\z`)) {
		return src
	}
	f := &filter{src: src}
	for f.pos < len(f.src) {
		f.token()
	}
	return f.out
}

type filter struct {
	src, out []byte
	pos      int
	lines    int // line ends that \z swallowed
}

// token copies one comment, string or other byte.
func (f *filter) token() {
	rest := f.src[f.pos:]
	switch {
	case bytes.HasPrefix(rest, []byte("--")):
		if n := longBracket(rest[2:]); n > 0 {
			f.copy(2 + n)
			return
		}
		n := bytes.IndexByte(rest, '\n')
		if n < 0 {
			n = len(rest)
		}
		f.copy(n)
	case rest[0] == '[':
		f.copy(max(longBracket(rest), 1))
	case rest[0] == '"' || rest[0] == '\'':
		f.string(rest[0])
	default:
		f.copy(1)
	}
}

func (f *filter) copy(n int) {
	f.out = append(f.out, f.src[f.pos:f.pos+n]...)
	f.pos += n
}

// longBracket is the length of the long string or comment that s begins with, or 0.
func longBracket(s []byte) int {
	if len(s) == 0 || s[0] != '[' {
		return 0
	}
	level := 1
	for level < len(s) && s[level] == '=' {
		level++
	}
	if level == len(s) || s[level] != '[' {
		return 0
	}
	end := append(append([]byte("]"), s[1:level]...), ']')
	if i := bytes.Index(s[level+1:], end); i >= 0 {
		return level + 1 + i + len(end)
	}
	return len(s)
}

func (f *filter) string(quote byte) {
	f.copy(1)
	for f.pos < len(f.src) {
		switch c := f.src[f.pos]; {
		case c == quote || c == '\n':
			f.copy(1)
			f.out = append(f.out, bytes.Repeat([]byte("\n"), f.lines)...)
			f.lines = 0
			return
		case c == '\\' && f.pos+1 < len(f.src):
			f.escape(f.src[f.pos+1])
		default:
			f.copy(1)
		}
	}
}

func (f *filter) escape(c byte) {
	rest := f.src[f.pos:]
	switch {
	case c == 'z':
		f.pos += 2
		for f.pos < len(f.src) && bytes.IndexByte([]byte(" \t\r\n\v\f"), f.src[f.pos]) >= 0 {
			if f.src[f.pos] == '\n' {
				f.lines++
			}
			f.pos++
		}
	case c == 'x' && len(rest) >= 4 && isHex(rest[2]) && isHex(rest[3]):
		f.bytes(byte(hexValue(rest[2])<<4 | hexValue(rest[3])))
		f.pos += 4
	case c == 'u' && len(rest) >= 3 && rest[2] == '{':
		f.codePoint(rest)
	default:
		f.copy(2)
	}
}

func (f *filter) codePoint(rest []byte) {
	n, code := 3, 0
	for n < len(rest) && isHex(rest[n]) && code < 1<<27 {
		code = code<<4 | hexValue(rest[n])
		n++
	}
	if n == 3 || n == len(rest) || rest[n] != '}' {
		f.copy(2)
		return
	}
	f.bytes(encodeUTF8(nil, code)...)
	f.pos += n + 1
}

// bytes writes decimal escapes, three digits each, so that a digit may follow.
func (f *filter) bytes(bs ...byte) {
	for _, b := range bs {
		f.out = fmt.Appendf(f.out, `\%03d`, b)
	}
}

func isHex(c byte) bool { return hexValue(c) >= 0 }

func hexValue(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
