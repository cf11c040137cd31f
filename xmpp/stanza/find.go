package stanza

import "strings"

// Found is what a path led to: an element, or a text if the path ends in @attr or #.
type Found struct {
	Element *Element
	Text    string
	// OK is whether there is something. An element with child elements has no text, but an empty one has "".
	OK bool
}

// Find follows a path of child elements: steps separated by "/", each "name", "{ns}name" or "{ns}", matched as by Child. "@attr" at the end
// asks for an attribute, "#" for the text.
//
//	{urn:ietf:params:xml:ns:xmpp-bind}bind/resource#
//	{http://jabber.org/protocol/muc#user}x/item@affiliation
func (e *Element) Find(path string) Found {
	for e != nil {
		if strings.HasPrefix(path, "@") {
			v, ok := e.LookupAttr(path[1:])
			return Found{Text: v, OK: ok}
		}
		name, ns, sep, rest, ok := pathStep(path)
		if !ok {
			return Found{}
		}
		e = e.Child(name, ns)
		if rest == "" {
			return foundAt(e, sep == '#')
		}
		path = rest
	}
	return Found{}
}

// FindText is Find(path).Text, for paths that end in @attr or #.
func (e *Element) FindText(path string) string { return e.Find(path).Text }

// FindElement is Find(path).Element, nil if there is none.
func (e *Element) FindElement(path string) *Element { return e.Find(path).Element }

func foundAt(e *Element, text bool) Found {
	switch {
	case e == nil:
		return Found{}
	case !text:
		return Found{Element: e, OK: true}
	case len(e.Tags) > 0:
		return Found{}
	}
	return Found{Text: e.Text(), OK: true}
}

// pathStep takes the first step off a path. sep is the byte that ended it, 0 if the path or an "@" did.
func pathStep(path string) (name, ns string, sep byte, rest string, ok bool) {
	if strings.HasPrefix(path, "{") {
		end := strings.IndexByte(path, '}')
		if end < 2 {
			return "", "", 0, "", false
		}
		ns, path = path[1:end], path[end+1:]
	}
	end := strings.IndexAny(path, "@/#")
	switch {
	case end < 0:
		return path, ns, 0, "", true
	case path[end] == '@':
		return path[:end], ns, 0, path[end:], true
	}
	return path[:end], ns, path[end], path[end+1:], true
}
