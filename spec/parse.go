package spec

import (
	"fmt"
	"strings"
)

// parser goes through the lines of a script once.
type parser struct {
	script *Script
	lines  []string
	next   int // index of the next line
	names  map[string]*Client
	vars   scope
}

// Parse reads a script. name is for messages: usually the file's path. The error, if any, is the first mistake, a *ParseError.
func Parse(name string, src []byte) (*Script, error) {
	text := strings.ReplaceAll(string(src), "\r\n", "\n")
	p := &parser{
		script: &Script{Name: name},
		lines:  strings.Split(strings.TrimPrefix(text, "\uFEFF"), "\n"),
		names:  map[string]*Client{},
		vars:   scope{known: map[string]bool{}, connected: map[*Client]bool{}},
	}
	if err := p.cast(); err != nil {
		return nil, err
	}
	if err := p.play(); err != nil {
		return nil, err
	}
	return p.script, nil
}

// fail is the mistake in the line read last.
func (p *parser) fail(format string, args ...any) error {
	return p.failAt(p.next, format, args...)
}

func (p *parser) failAt(line int, format string, args ...any) error {
	return &ParseError{Name: p.script.Name, Line: line, Text: fmt.Sprintf(format, args...)}
}

// line is the next line that says something, or false at the end. Comments are skipped; in the head of the file they are the title
// and the tags.
func (p *parser) line() (string, bool) {
	for p.next < len(p.lines) {
		raw := p.lines[p.next]
		p.next++
		s := strings.TrimSpace(raw)
		switch {
		case s == "":
		case strings.HasPrefix(s, "#"):
			p.comment(s)
		default:
			return strings.TrimRight(raw, " \t"), true
		}
	}
	return "", false
}

func (p *parser) comment(s string) {
	if len(p.script.Clients) > 0 {
		return
	}
	if tag, ok := strings.CutPrefix(s, "##"); ok {
		if tag = strings.TrimSpace(tag); tag != "" && !strings.HasPrefix(tag, "#") {
			p.script.Tags = append(p.script.Tags, tag)
		}
		return
	}
	if p.script.Title == "" {
		p.script.Title = strings.TrimSpace(s[1:])
	}
}

// cast reads up to the line of dashes.
func (p *parser) cast() error {
	var current *Client
	for {
		s, ok := p.line()
		switch {
		case !ok:
			return p.fail("the cast does not end: want a line of dashes before the first action")
		case isDashes(s):
			return p.castComplete()
		case strings.HasPrefix(s, "["):
			c, err := p.member(s)
			if err != nil {
				return err
			}
			current = c
		case current == nil:
			return p.fail("want [Client] and a name, got %q", s)
		default:
			if err := p.setting(current, strings.TrimSpace(s)); err != nil {
				return err
			}
		}
	}
}

func isDashes(s string) bool { return len(s) >= 3 && strings.Trim(s, "-") == "" }

// play reads the actions.
func (p *parser) play() error {
	for {
		s, ok := p.line()
		if !ok {
			return nil
		}
		if isIndented(s) {
			return p.fail("an indented line that belongs to no action: %q", strings.TrimSpace(s))
		}
		a, err := p.action(s)
		if err != nil {
			return err
		}
		p.script.Actions = append(p.script.Actions, a)
	}
}

func isIndented(s string) bool { return s != "" && (s[0] == ' ' || s[0] == '\t') }
