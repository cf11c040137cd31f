package value

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"quatrain/sdk"
)

// ParseJSON reads what AppendJSON or Prosody wrote; the result is canonical. It is as lenient as Prosody about raw control characters
// and bytes that are not UTF-8.
func ParseJSON(s string) (any, error) {
	p := &parser{s: s}
	v, err := p.value(maxDepth)
	if err != nil {
		return nil, fmt.Errorf("damaged json at byte %d: %w", p.i, err)
	}
	if p.space(); p.i < len(s) {
		return nil, fmt.Errorf("damaged json at byte %d: something follows the value", p.i)
	}
	return v, nil
}

type parser struct {
	s string
	i int
}

func (p *parser) space() {
	for p.i < len(p.s) && strings.IndexByte(" \t\r\n", p.s[p.i]) >= 0 {
		p.i++
	}
}

// next skips space and takes c if it is there.
func (p *parser) next(c byte) bool {
	p.space()
	if p.i < len(p.s) && p.s[p.i] == c {
		p.i++
		return true
	}
	return false
}

func (p *parser) word(w string) bool {
	if strings.HasPrefix(p.s[p.i:], w) {
		p.i += len(w)
		return true
	}
	return false
}

func (p *parser) value(depth int) (any, error) {
	if depth == 0 {
		return nil, errDepth
	}
	switch p.space(); {
	case p.next('{'):
		return p.object(depth)
	case p.next('['):
		return p.list(depth)
	case p.next('"'):
		return p.string()
	case p.word("true"):
		return true, nil
	case p.word("false"):
		return false, nil
	case p.word("null"):
		return nil, nil
	}
	return p.number()
}

func (p *parser) number() (any, error) {
	start := p.i
	for p.i < len(p.s) && strings.IndexByte("0123456789.-+eE", p.s[p.i]) >= 0 {
		p.i++
	}
	if start == p.i {
		return nil, errors.New("a value is missing")
	}
	n, err := parseNumber(p.s[start:p.i])
	if err != nil {
		p.i = start
	}
	return n, err
}

func parseNumber(s string) (any, error) {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil && !(errors.Is(err, strconv.ErrRange) && math.IsInf(n, 0)) || math.IsNaN(n) {
		return nil, fmt.Errorf("%q is not a number", s)
	}
	return n, nil
}

func (p *parser) list(depth int) (any, error) {
	list := []any{}
	if p.next(']') {
		return list, nil
	}
	for {
		v, err := p.value(depth - 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
		if p.next(']') {
			return withoutGaps(list), nil
		}
		if !p.next(',') {
			return nil, errors.New("a list does not go on")
		}
	}
}

func (p *parser) object(depth int) (any, error) {
	t := sdk.Data{}
	if p.next('}') {
		return t, nil
	}
	for {
		if err := p.member(t, depth); err != nil {
			return nil, err
		}
		if p.next('}') {
			return unpack(t)
		}
		if !p.next(',') {
			return nil, errors.New("an object does not go on")
		}
	}
}

func (p *parser) member(t sdk.Data, depth int) error {
	if !p.next('"') {
		return errors.New("a key is missing")
	}
	k, err := p.string()
	if err != nil {
		return err
	}
	if !p.next(':') {
		return errors.New("a key has no value")
	}
	v, err := p.value(depth - 1)
	if err == nil && v != nil {
		t[k] = v
	}
	return err
}

// unpack undoes what tables with keys other than strings are written as.
func unpack(t sdk.Data) (any, error) {
	array, err := Table(t["__array"])
	if err != nil {
		return nil, errors.New("__array is not a list")
	}
	pairs, ok := t["__hash"].([]any)
	if t["__hash"] != nil && (!ok || len(pairs)%2 != 0) {
		return nil, errors.New("__hash is not a list of pairs")
	}
	delete(t, "__array")
	delete(t, "__hash")
	for i, v := range array {
		t[i] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		k, err := canonicalKey(pairs[i])
		if err != nil {
			return nil, fmt.Errorf("__hash: %w", err)
		}
		t[k] = pairs[i+1]
	}
	return ListOf(t), nil
}

// string reads on after the opening quote.
func (p *parser) string() (string, error) {
	start := p.i
	for p.i < len(p.s) && p.s[p.i] != '\\' {
		if p.s[p.i] == '"' {
			p.i++
			return p.s[start : p.i-1], nil
		}
		p.i++
	}
	buf := []byte(p.s[start:p.i])
	for p.i < len(p.s) {
		c := p.s[p.i]
		p.i++
		switch c {
		case '"':
			return string(buf), nil
		case '\\':
			var err error
			if buf, err = p.escape(buf); err != nil {
				return "", err
			}
		default:
			buf = append(buf, c)
		}
	}
	return "", errors.New("a string does not end")
}

const escapes = "\"\"\\\\//b\bf\fn\nr\rt\t"

func (p *parser) escape(buf []byte) ([]byte, error) {
	if p.i == len(p.s) {
		return nil, errors.New("a string does not end")
	}
	c := p.s[p.i]
	p.i++
	if c == 'u' {
		return p.codepoint(buf)
	}
	for i := 0; i < len(escapes); i += 2 {
		if escapes[i] == c {
			return append(buf, escapes[i+1]), nil
		}
	}
	return nil, fmt.Errorf("unknown escape \\%c", c)
}

func (p *parser) codepoint(buf []byte) ([]byte, error) {
	r, err := p.hex()
	if err != nil {
		return nil, err
	}
	if utf16.IsSurrogate(r) {
		if !p.word(`\u`) {
			return nil, errors.New("half a surrogate pair")
		}
		low, err := p.hex()
		if err != nil {
			return nil, err
		}
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			return nil, errors.New("half a surrogate pair")
		}
	}
	return utf8.AppendRune(buf, r), nil
}

func (p *parser) hex() (rune, error) {
	if p.i+4 > len(p.s) {
		return 0, errors.New("an escape does not end")
	}
	n, err := strconv.ParseUint(p.s[p.i:p.i+4], 16, 16)
	if err != nil {
		return 0, fmt.Errorf("bad escape \\u%s", p.s[p.i:p.i+4])
	}
	p.i += 4
	return rune(n), nil
}
