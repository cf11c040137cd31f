package value

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// string reads a string of either kind; ok is whether one begins here.
func (p *luaParser) string() (s string, ok bool, err error) {
	p.space()
	if s, ok, err := p.long(); ok || err != nil {
		return s, ok, err
	}
	if p.i == len(p.s) || p.s[p.i] != '"' && p.s[p.i] != '\'' {
		return "", false, nil
	}
	quote := p.s[p.i]
	var buf []byte
	for p.i++; p.i < len(p.s); {
		c := p.s[p.i]
		p.i++
		switch c {
		case quote:
			return string(buf), true, nil
		case '\n':
			return "", true, errors.New("a string does not end")
		case '\\':
			if buf, err = p.escape(buf); err != nil {
				return "", true, err
			}
		default:
			buf = append(buf, c)
		}
	}
	return "", true, errors.New("a string does not end")
}

// long reads [[…]] or [=[…]=] with any number of signs.
func (p *luaParser) long() (s string, ok bool, err error) {
	rest := p.s[p.i:]
	level := 0
	for 1+level < len(rest) && rest[0] == '[' && rest[1+level] == '=' {
		level++
	}
	if len(rest) < level+2 || rest[0] != '[' || rest[1+level] != '[' {
		return "", false, nil
	}
	body := rest[level+2:]
	end := strings.Index(body, "]"+strings.Repeat("=", level)+"]")
	if end < 0 {
		return "", true, errors.New("a long string does not end")
	}
	p.i += 2*(level+2) + end
	return strings.TrimPrefix(strings.TrimPrefix(body[:end], "\r"), "\n"), true, nil
}

const luaEscapes = "\"\"''\\\\\n\na\ab\bf\fn\nr\rt\tv\v"

func (p *luaParser) escape(buf []byte) ([]byte, error) {
	rest := p.s[p.i:]
	for i := 0; i < len(luaEscapes); i += 2 {
		if rest != "" && luaEscapes[i] == rest[0] {
			p.i++
			return append(buf, luaEscapes[i+1]), nil
		}
	}
	switch {
	case strings.HasPrefix(rest, "z"):
		p.i += 1 + len(rest[1:]) - len(strings.TrimLeft(rest[1:], " \t\r\n\f\v"))
		return buf, nil
	case strings.HasPrefix(rest, "x") && len(rest) > 2:
		p.i += 3
		n, err := strconv.ParseUint(rest[1:3], 16, 8)
		return append(buf, byte(n)), err
	case strings.HasPrefix(rest, "u{") && strings.Contains(rest, "}"):
		end := strings.IndexByte(rest, '}')
		p.i += end + 1
		n, err := strconv.ParseUint(rest[2:end], 16, 31)
		return utf8.AppendRune(buf, rune(n)), err
	}
	digits := 0
	for digits < 3 && digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
		digits++
	}
	n, err := strconv.ParseUint(rest[:digits], 10, 8)
	if err != nil {
		return nil, errors.New("unknown escape in a string")
	}
	p.i += digits
	return append(buf, byte(n)), nil
}
