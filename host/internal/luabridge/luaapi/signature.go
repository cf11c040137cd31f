package luaapi

import (
	"fmt"
	"strings"
)

// Signature is that of a function.
type Signature struct {
	Params  []Param
	Returns []string // types
}

// Param is a parameter of a function; "..." for any number.
type Param struct {
	Name, Type string
	Optional   bool
}

// ParseSignature reads "(name: type, name?: type, ...: type): type, type".
func ParseSignature(s string) (sig Signature, err error) {
	end := closing(s)
	if end < 0 {
		return sig, fmt.Errorf("%q: want (name: type, …): type", s)
	}
	for _, text := range split(s[1:end]) {
		name, typ, ok := strings.Cut(text, ":")
		if !ok {
			return sig, fmt.Errorf("%q: parameter %q has no type", s, text)
		}
		name, optional := strings.CutSuffix(strings.TrimSpace(name), "?")
		sig.Params = append(sig.Params, Param{name, strings.TrimSpace(typ), optional})
	}
	rest := strings.TrimSpace(s[end+1:])
	if rest == "" {
		return sig, nil
	}
	returns, ok := strings.CutPrefix(rest, ":")
	if !ok {
		return sig, fmt.Errorf("%q: want a colon before what it returns", s)
	}
	sig.Returns = split(returns)
	return sig, nil
}

// closing is where the bracket ends that s begins with, -1 if it does not.
func closing(s string) int {
	if !strings.HasPrefix(s, "(") {
		return -1
	}
	depth := 0
	for i, c := range s {
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// split cuts at commas that are in no brackets. A function type without brackets around its results goes to the end: "fun(): a, b".
func split(s string) (parts []string) {
	depth, begin := 0, 0
	for i, c := range s {
		switch c {
		case '(', '<', '[', '{':
			depth++
		case ')', '>', ']', '}':
			depth--
		case ',':
			if depth == 0 {
				parts, begin = append(parts, strings.TrimSpace(s[begin:i])), i+1
			}
		}
	}
	if last := strings.TrimSpace(s[begin:]); last != "" {
		parts = append(parts, last)
	}
	return parts
}
