package spec

import (
	"errors"
	"fmt"
	"strings"

	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// The stanzas of a script stand in a stream of their own, which declares the prefixes that scripts use.
const (
	fragmentHead = "<stream:stream xmlns='" + stanza.NSClient + "' xmlns:stream='" + stanza.NSStreams +
		"' xmlns:scansion='" + NSScansion + "'>"
	fragmentFoot = "</stream:stream>"
)

// parseFragment reads one stanza. Text is kept as it is; comparing and sending trim it where it is only indentation.
func parseFragment(text string) (*stanza.Element, error) {
	dec := xmlstream.NewDecoder(strings.NewReader(fragmentHead+text+fragmentFoot), xmlstream.Limits{})
	if _, err := dec.Stream(); err != nil {
		return nil, err
	}
	st, err := dec.Next()
	if errors.Is(err, xmlstream.ErrStreamEnd) {
		return nil, errors.New("want an indented stanza below")
	}
	if err != nil {
		return nil, fmt.Errorf("the stanza is no XML that XMPP allows: %w", err)
	}
	if _, err := dec.Next(); !errors.Is(err, xmlstream.ErrStreamEnd) {
		return nil, errors.New("want one stanza, got more")
	}
	return st, nil
}

// eachValue calls f for the attributes and texts of a tree.
func eachValue(e *stanza.Element, f func(string)) {
	for _, a := range e.Attrs {
		f(a.Value)
	}
	for _, n := range e.Nodes {
		if n.Element != nil {
			eachValue(n.Element, f)
		} else {
			f(n.Text)
		}
	}
}

// outgoing is the stanza with its variables replaced, without the script's indentation and scansion's attributes.
func outgoing(e *stanza.Element, v variables) (*stanza.Element, error) {
	out := stanza.New(e.Name, "")
	for _, a := range e.Attrs {
		if isScansion(a.Name) {
			continue
		}
		value, err := v.expand(a.Value)
		if err != nil {
			return nil, err
		}
		out.Attrs = append(out.Attrs, stanza.Attr{Name: a.Name, Value: value})
	}
	for _, n := range e.Nodes {
		if err := addOutgoing(out, e, n, v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func addOutgoing(out, e *stanza.Element, n stanza.Node, v variables) error {
	if n.Element == nil {
		if len(e.Tags) > 0 && strings.TrimSpace(n.Text) == "" {
			return nil
		}
		text, err := v.expand(n.Text)
		out.AddText(text)
		return err
	}
	c, err := outgoing(n.Element, v)
	if err != nil {
		return err
	}
	out.AddChild(c)
	return nil
}

// isScansion is whether an attribute is for the player and not part of the stanza.
func isScansion(name string) bool {
	ns, _, ok := strings.Cut(name, "\x01")
	return ok && ns == NSScansion
}
