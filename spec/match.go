package spec

import (
	"fmt"
	"slices"
	"strings"

	"quatrain/xmpp/stanza"
)

// match compares what a script expects with a stanza that came. It returns the variables with those captured, or why the two differ.
//
// What the script does not mention may be there, and children may come in any order, except below an element marked
// scansion:strict='yes'. An error only matches where the script speaks of one.
func match(want, got *stanza.Element, v variables) (variables, string) {
	if got.IsError() && !expectsError(want) {
		return v, "it is an error"
	}
	return matchElement(want, got, v, false)
}

func expectsError(want *stanza.Element) bool {
	_, typed := want.LookupAttr("type")
	return typed || want.ChildWithName("error") != nil
}

func matchElement(want, got *stanza.Element, v variables, strict bool) (variables, string) {
	if !sameName(want, got) {
		return v, fmt.Sprintf("it is %s, not %s", tagName(got), tagName(want))
	}
	strict = strictness(want, strict)
	for _, compare := range []func(want, got *stanza.Element, v variables, strict bool) (variables, string){
		matchAttrs, matchText, matchChildren,
	} {
		var why string
		if v, why = compare(want, got, v, strict); why != "" {
			return v, why
		}
	}
	return v, ""
}

func sameName(a, b *stanza.Element) bool { return a.Name == b.Name && a.NS() == b.NS() }

// strictness of an element: its own word, or that of the element around it.
func strictness(e *stanza.Element, outer bool) bool {
	switch e.Attr(NSScansion + "\x01strict") {
	case "yes", "true", "1":
		return true
	case "no", "false", "0":
		return false
	}
	return outer
}

func matchAttrs(want, got *stanza.Element, v variables, strict bool) (variables, string) {
	for _, a := range want.Attrs {
		if isScansion(a.Name) {
			continue
		}
		value, there := got.LookupAttr(a.Name)
		if !there {
			return v, fmt.Sprintf("%s: no attribute %s, want %q", tagName(got), attrName(a.Name), v.show(a.Value))
		}
		next, ok := v.match(a.Value, value)
		if !ok {
			return v, fmt.Sprintf("%s: attribute %s: want %q, got %q", tagName(got), attrName(a.Name), v.show(a.Value), value)
		}
		v = next
	}
	if strict {
		return v, extraAttr(want, got)
	}
	return v, ""
}

// extraAttr leaves out xml:lang, which servers add from the stream of the sender (RFC 6120 §8.1.5).
func extraAttr(want, got *stanza.Element) string {
	for _, a := range got.Attrs {
		if _, ok := want.LookupAttr(a.Name); !ok && a.Name != "xml:lang" {
			return fmt.Sprintf("%s: attribute %s is not in the script (strict)", tagName(got), attrName(a.Name))
		}
	}
	return ""
}

// matchText compares the character data of one element, without that of its children, trimmed.
func matchText(want, got *stanza.Element, v variables, strict bool) (variables, string) {
	w, g := ownText(want), ownText(got)
	if w == "" && !strict {
		return v, ""
	}
	next, ok := v.match(w, g)
	if !ok {
		return v, fmt.Sprintf("%s: text: want %q, got %q", tagName(got), v.show(w), g)
	}
	return next, ""
}

func ownText(e *stanza.Element) string {
	var b strings.Builder
	for _, n := range e.Nodes {
		b.WriteString(n.Text)
	}
	return strings.TrimSpace(b.String())
}

func matchChildren(want, got *stanza.Element, v variables, strict bool) (variables, string) {
	if !strict {
		return matchUnordered(want.Tags, slices.Clone(got.Tags), got, v)
	}
	if len(want.Tags) != len(got.Tags) {
		return v, fmt.Sprintf("%s: want exactly %d children, got %d (strict)", tagName(got), len(want.Tags), len(got.Tags))
	}
	for i, w := range want.Tags {
		var why string
		if v, why = matchElement(w, got.Tags[i], v, true); why != "" {
			return v, why
		}
	}
	return v, ""
}

// matchUnordered finds a different child for each expected one, trying again where the first choice leaves nothing for a later one.
// left are the children still free, nil where taken.
func matchUnordered(wants, left []*stanza.Element, parent *stanza.Element, v variables) (variables, string) {
	if len(wants) == 0 {
		return v, ""
	}
	var reasons []string
	for i, c := range left {
		if c == nil || !sameName(wants[0], c) {
			continue
		}
		next, why := matchElement(wants[0], c, v, false)
		if why == "" {
			left[i] = nil
			if next, why = matchUnordered(wants[1:], left, parent, next); why == "" {
				return next, ""
			}
			left[i] = c
		}
		reasons = append(reasons, why)
	}
	switch len(reasons) {
	case 0:
		return v, fmt.Sprintf("%s: no child %s", tagName(parent), tagName(wants[0]))
	case 1:
		return v, reasons[0]
	}
	return v, fmt.Sprintf("%s: no child like %s", tagName(parent), v.show(wants[0].TopTag()))
}

// tagName is an element in messages: its name, with the namespace if it has one of its own.
func tagName(e *stanza.Element) string {
	if ns := e.NS(); ns != "" {
		return "<" + e.Name + " xmlns='" + ns + "'>"
	}
	return "<" + e.Name + ">"
}

func attrName(name string) string {
	_, local, ok := strings.Cut(name, "\x01")
	if ok {
		return local
	}
	return name
}
