package value

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"quatrain/sdk"
)

// ParseLua reads a file that returns one value, as Prosody's data directory has them; the result is canonical. Of Lua it knows only
// what data consists of.
func ParseLua(s string) (any, error) {
	p := &luaParser{s: s}
	p.space()
	if !p.name("return") {
		return nil, p.damaged(errors.New(`"return" is missing`))
	}
	v, err := p.value(maxDepth)
	if err != nil {
		return nil, p.damaged(err)
	}
	p.take(";")
	if p.space(); p.i < len(s) {
		return nil, p.damaged(errors.New("something follows the value"))
	}
	return v, nil
}

// ParseLuaItems reads a list file: item(VALUE) again and again.
func ParseLuaItems(s string) (items []any, err error) {
	p := &luaParser{s: s}
	for {
		if p.space(); p.i == len(s) {
			return items, nil
		}
		if !p.name("item") || !p.take("(") {
			return nil, p.damaged(errors.New(`"item(" is missing`))
		}
		v, err := p.value(maxDepth)
		if err == nil && !p.take(")") {
			err = errors.New("an item does not end")
		}
		if err != nil {
			return nil, p.damaged(err)
		}
		p.take(";")
		items = append(items, v)
	}
}

type luaParser struct {
	s string
	i int
}

func (p *luaParser) damaged(err error) error {
	return fmt.Errorf("damaged, line %d: %w", 1+strings.Count(p.s[:p.i], "\n"), err)
}

// space skips space and comments.
func (p *luaParser) space() {
	for p.i < len(p.s) {
		switch {
		case strings.IndexByte(" \t\r\n\f\v", p.s[p.i]) >= 0:
			p.i++
		case strings.HasPrefix(p.s[p.i:], "--"):
			p.i += 2
			if _, ok, err := p.long(); !ok || err != nil {
				end := strings.IndexByte(p.s[p.i:], '\n')
				if end < 0 {
					end = len(p.s) - p.i
				}
				p.i += end
			}
		default:
			return
		}
	}
}

func (p *luaParser) take(token string) bool {
	p.space()
	if !strings.HasPrefix(p.s[p.i:], token) {
		return false
	}
	p.i += len(token)
	return true
}

// word is the name at the current place, "" if there is none.
func (p *luaParser) word() string {
	end := p.i
	for end < len(p.s) && (p.s[end] == '_' || p.s[end]|0x20 >= 'a' && p.s[end]|0x20 <= 'z' || end > p.i && p.s[end] >= '0' && p.s[end] <= '9') {
		end++
	}
	return p.s[p.i:end]
}

func (p *luaParser) name(want string) bool {
	p.space()
	if p.word() != want {
		return false
	}
	p.i += len(want)
	return true
}

func (p *luaParser) value(depth int) (any, error) {
	if depth == 0 {
		return nil, errDepth
	}
	switch {
	case p.take("{"):
		return p.table(depth)
	case p.name("true"):
		return true, nil
	case p.name("false"):
		return false, nil
	case p.name("nil"):
		return nil, nil
	}
	if s, ok, err := p.string(); ok || err != nil {
		return s, err
	}
	return p.number()
}

func (p *luaParser) number() (any, error) {
	start, sign := p.i, 1.0
	if p.take("-") {
		sign = -1
		p.space()
	}
	end := p.i
	for end < len(p.s) && (isHexDigit(p.s[end]) || strings.IndexByte("xX.pP", p.s[end]) >= 0 || end > p.i && strings.IndexByte("+-", p.s[end]) >= 0 && p.s[end-1]|0x20 == 'e') {
		end++
	}
	text := p.s[p.i:end]
	if n, err := strconv.ParseUint(text, 0, 64); err == nil && strings.ContainsAny(text, "xX") {
		p.i = end
		return sign * float64(n), nil
	}
	n, err := parseNumber(text)
	if err != nil {
		p.i = start
		return nil, errors.New("a value is missing")
	}
	p.i = end
	return sign * n.(float64), nil
}

func isHexDigit(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

func (p *luaParser) table(depth int) (any, error) {
	t := sdk.Data{}
	for next := 1.0; ; {
		if p.take("}") {
			return ListOf(t), nil
		}
		key, err := p.key(depth)
		if err != nil {
			return nil, err
		}
		if key == nil {
			key = next
			next++
		}
		v, err := p.value(depth - 1)
		if err != nil {
			return nil, err
		}
		put(t, key, v)
		if !p.take(";") && !p.take(",") && !strings.HasPrefix(p.s[p.i:], "}") {
			return nil, errors.New("a table does not go on")
		}
	}
}

// key reads "[KEY] =" or "NAME ="; nil if neither is there.
func (p *luaParser) key(depth int) (any, error) {
	p.space()
	start := p.i
	if name := p.word(); name != "" {
		p.i += len(name)
		if p.take("=") {
			return name, nil
		}
		p.i = start
		return nil, nil
	}
	if strings.HasPrefix(p.s[p.i:], "[[") || strings.HasPrefix(p.s[p.i:], "[=") || !p.take("[") {
		return nil, nil
	}
	k, err := p.value(depth - 1)
	if err != nil {
		return nil, err
	}
	if !p.take("]") || !p.take("=") {
		return nil, errors.New("a key has no value")
	}
	return canonicalKey(k)
}
