package stanza

import (
	"iter"
	"strings"
)

// matches is the rule all accessors share: name "" is any name; ns "" is the namespace that e itself spells out, or none.
func (e *Element) matches(c *Element, name, ns, own string) bool {
	if name != "" && c.Name != name {
		return false
	}
	got := c.NS()
	return got == ns || ns == "" && got == own
}

// Child is the first child element with that name and namespace, or nil. name "" is any name. ns is compared with the child's
// xmlns attribute; "" also finds children that have the same xmlns attribute as e.
func (e *Element) Child(name, ns string) *Element {
	own := e.ownNS(ns)
	for _, c := range e.Tags {
		if e.matches(c, name, ns, own) {
			return c
		}
	}
	return nil
}

func (e *Element) ownNS(wanted string) string {
	if wanted != "" {
		return ""
	}
	return e.NS()
}

// ChildTags are the child elements that Child would accept, in order. The list must not be changed meanwhile; see MapTags.
func (e *Element) ChildTags(name, ns string) iter.Seq[*Element] {
	return func(yield func(*Element) bool) {
		own := e.ownNS(ns)
		for _, c := range e.Tags {
			if e.matches(c, name, ns, own) && !yield(c) {
				return
			}
		}
	}
}

// ChildText is the text of Child(name, ns), "" if there is none.
func (e *Element) ChildText(name, ns string) string {
	if c := e.Child(name, ns); c != nil {
		return c.Text()
	}
	return ""
}

// ChildAttr is an attribute of Child(name, ns), "" if either is absent.
func (e *Element) ChildAttr(name, ns, attr string) string {
	if c := e.Child(name, ns); c != nil {
		return c.Attr(attr)
	}
	return ""
}

// ChildWithAttr is the first of ChildTags(name, ns) whose attribute has that value, or nil. normalize, unless nil, is applied to the
// attribute before the comparison.
func (e *Element) ChildWithAttr(name, ns, attr, value string, normalize func(string) string) *Element {
	for c := range e.ChildTags(name, ns) {
		v, ok := c.LookupAttr(attr)
		if ok && normalize != nil {
			v = normalize(v)
		}
		if ok && v == value {
			return c
		}
	}
	return nil
}

// ChildWithName is the first child element with that name in whatever namespace, or nil.
func (e *Element) ChildWithName(name string) *Element {
	for _, c := range e.Tags {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// ChildWithNS is the first child element with that xmlns attribute, or nil.
func (e *Element) ChildWithNS(ns string) *Element {
	for _, c := range e.Tags {
		if c.NS() == ns {
			return c
		}
	}
	return nil
}

// Text is the character data of an element that has no child elements, "" otherwise.
func (e *Element) Text() string {
	if len(e.Tags) > 0 {
		return ""
	}
	if len(e.Nodes) == 1 {
		return e.Nodes[0].Text
	}
	var b strings.Builder
	for i := range e.Nodes {
		b.WriteString(e.Nodes[i].Text)
	}
	return b.String()
}
