package spec

import (
	"strings"

	"quatrain/xmpp/stanza"
)

const knownActions = "connects, opens a stream, disconnects, sends:, receives:, receives nothing"

// action reads a sentence, with the stanza below it.
func (p *parser) action(s string) (Action, error) {
	c, verb := p.subject(s)
	if c == nil {
		return Action{}, p.fail("nobody of the cast does this: %q", s)
	}
	a := Action{Client: c, Line: p.next}
	verb, inline, hasStanza := strings.Cut(verb, ":")
	verb, inline = strings.Join(strings.Fields(verb), " "), strings.TrimSpace(inline)
	switch {
	case verb == "connects" && !hasStanza:
		a.Kind = Connects
	case verb == "opens a stream" && !hasStanza:
		a.Kind = OpensStream
	case verb == "disconnects" && !hasStanza:
		a.Kind = Disconnects
	case verb == "receives nothing" && !hasStanza, verb == "receives" && inline == "nothing":
		a.Kind = ReceivesNothing
	case verb == "sends" && hasStanza:
		a.Kind = Sends
	case verb == "receives" && hasStanza:
		a.Kind = Receives
	default:
		return Action{}, p.fail("unknown action %q: want one of %s", strings.TrimSpace(s[len(c.Name):]), knownActions)
	}
	if err := p.checkOrder(a); err != nil {
		return Action{}, err
	}
	if a.Kind == Sends || a.Kind == Receives {
		return p.withStanza(a, inline)
	}
	return a, nil
}

// subject finds who a sentence is about: the longest name it starts with.
func (p *parser) subject(s string) (c *Client, rest string) {
	for _, each := range p.script.Clients {
		after, ok := strings.CutPrefix(s, each.Name)
		if ok && isIndented(after) && (c == nil || len(each.Name) > len(c.Name)) {
			c, rest = each, after
		}
	}
	return c, rest
}

// checkOrder refuses what could only fail: acting without a connection, and connecting twice.
func (p *parser) checkOrder(a Action) error {
	connected, connects := p.vars.connected[a.Client], a.Kind == Connects || a.Kind == OpensStream
	switch {
	case connects && connected:
		return p.fail("%s is connected already", a.Client.Name)
	case !connects && !connected:
		return p.fail("%s %s before connecting", a.Client.Name, a.Kind)
	case a.Kind == Connects:
		p.vars.connect(a.Client)
	case a.Kind == OpensStream:
		p.vars.connected[a.Client] = true
	case a.Kind == Disconnects:
		p.vars.connected[a.Client] = false
	}
	return nil
}

// withStanza reads the stanza of an action: what follows the colon, then all indented lines.
func (p *parser) withStanza(a Action, inline string) (Action, error) {
	text := []string{inline}
	for p.next < len(p.lines) {
		line := p.lines[p.next]
		if strings.TrimSpace(line) != "" && !isIndented(line) {
			break
		}
		text = append(text, line)
		p.next++
	}
	st, err := parseFragment(strings.Join(text, "\n"))
	if err != nil {
		return Action{}, p.failAt(a.Line, "%s %s: %v", a.Client.Name, a.Kind, err)
	}
	if err := p.checkVariables(a, st); err != nil {
		return Action{}, err
	}
	a.Stanza = st
	return a, nil
}

// checkVariables looks for misspelt variables, and enters those that the stanza captures.
func (p *parser) checkVariables(a Action, st *stanza.Element) error {
	var fault error
	eachValue(st, func(s string) {
		for _, name := range variablesIn(s) {
			if err := p.vars.use(name, p.names, a.Kind == Receives); err != nil && fault == nil {
				fault = p.failAt(a.Line, "%s %s: %v", a.Client.Name, a.Kind, err)
			}
		}
	})
	return fault
}
