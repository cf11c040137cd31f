package spec

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
)

// anyValue stands for a value that must be there and may be whatever it is.
const anyValue = "{scansion:any}"

var (
	variable    = regexp.MustCompile(`\$\{([^{}]*)\}`)
	captureName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)
)

// variablesIn lists what stands between "${" and "}".
func variablesIn(s string) []string {
	var names []string
	for _, m := range variable.FindAllStringSubmatch(s, -1) {
		names = append(names, m[1])
	}
	return names
}

// Names of the variables that every client has.
func fullJIDOf(client string) string { return client + "'s full JID" }
func bareJIDOf(client string) string { return client + "'s JID" }

// scope is what the parser knows of variables at some point of a script.
type scope struct {
	known     map[string]bool
	connected map[*Client]bool
}

func (s *scope) connect(c *Client) {
	s.connected[c] = true
	s.known[fullJIDOf(c.Name)] = true
}

// use checks a variable. With capture a new name is entered.
func (s *scope) use(name string, cast map[string]*Client, capture bool) error {
	if s.known[name] {
		return nil
	}
	if owner, ok := strings.CutSuffix(name, "'s JID"); ok && cast[owner] != nil {
		return nil
	}
	if owner, ok := strings.CutSuffix(name, "'s full JID"); ok && cast[owner] != nil {
		return fmt.Errorf("${%s}: %s has not connected yet", name, owner)
	}
	if !captureName.MatchString(name) {
		return fmt.Errorf("${%s}: want NAME's JID or NAME's full JID of one of the cast, or a captured variable of one word", name)
	}
	if !capture {
		return fmt.Errorf("${%s} has not been captured by a stanza received before", name)
	}
	s.known[name] = true
	return nil
}

// variables are the values while a script is played.
type variables map[string]string

func (v variables) expand(s string) (string, error) {
	var err error
	out := variable.ReplaceAllStringFunc(s, func(m string) string {
		value, ok := v[m[2:len(m)-1]]
		if !ok {
			err = fmt.Errorf("%s has no value", m)
		}
		return value
	})
	return out, err
}

// show is expand for messages: what has no value stays as it is.
func (v variables) show(s string) string {
	return variable.ReplaceAllStringFunc(s, func(m string) string {
		if value, ok := v[m[2:len(m)-1]]; ok {
			return value
		}
		return m
	})
}

// match compares a value of the script with one received. The result has what it captured besides; v is not changed.
func (v variables) match(want, got string) (variables, bool) {
	if want == anyValue {
		return v, true
	}
	if !strings.Contains(want, "${") {
		return v, want == got
	}
	pattern, names := v.pattern(want)
	m := pattern.FindStringSubmatch(got)
	if m == nil {
		return v, false
	}
	out := v
	for i, name := range names {
		if old, ok := out[name]; ok && old != m[i+1] {
			return v, false
		}
		out = out.with(name, m[i+1])
	}
	return out, true
}

// pattern is want as a regular expression, with a group for each variable without a value.
func (v variables) pattern(want string) (*regexp.Regexp, []string) {
	var names []string
	var b strings.Builder
	b.WriteString(`(?s)^`)
	at := 0
	for _, m := range variable.FindAllStringSubmatchIndex(want, -1) {
		b.WriteString(regexp.QuoteMeta(want[at:m[0]]))
		name := want[m[2]:m[3]]
		if value, ok := v[name]; ok {
			b.WriteString(regexp.QuoteMeta(value))
		} else {
			b.WriteString(`(.+?)`)
			names = append(names, name)
		}
		at = m[1]
	}
	b.WriteString(regexp.QuoteMeta(want[at:]) + `$`)
	return regexp.MustCompile(b.String()), names
}

func (v variables) with(name, value string) variables {
	out := make(variables, len(v)+1)
	maps.Copy(out, v)
	out[name] = value
	return out
}
