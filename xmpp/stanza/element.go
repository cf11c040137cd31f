// Package stanza is the element tree that stanzas are handled as, with builders, errors (RFC 6120 §8.3) and serialisation.
//
// Namespaces follow the convention that XMPP server modules know: an element carries an "xmlns" attribute when its namespace is not the
// one of the stream (jabber:client), and then so does each of its descendants. An element without "xmlns" has its parent's namespace.
// Prefixes are resolved when parsing and do not occur, except "xml:lang"; an attribute of another namespace has the name "URI\x01local".
package stanza

// Attr is one attribute; names are unique within an element.
type Attr struct {
	Name, Value string
}

// Node is a child: either Text (Element is nil) or an Element.
type Node struct {
	Text    string
	Element *Element
}

// Element is one XML element. Whoever holds it may change it; it is not safe for concurrent use. An element that has been sent
// may be changed at once: sending serialises before it returns.
type Element struct {
	Name  string
	Attrs []Attr
	// Tags are the child elements and Nodes all children in order. They are two lists on purpose, since scripts edit each of them
	// separately; AddChild keeps both. Serialisation goes by Nodes.
	Tags  []*Element
	Nodes []Node

	// cursor is the builder's path: the elements opened below this one with Tag and not yet closed with Up.
	cursor []*Element
	// face is a script runtime's own view of the element, so that one element stays one value there.
	face any
}

// New makes an element. ns "" leaves the namespace to the parent (on a stanza: jabber:client). attrs are name, value pairs.
func New(name, ns string, attrs ...string) *Element {
	e := &Element{Name: name}
	if ns != "" {
		e.Attrs = append(e.Attrs, Attr{"xmlns", ns})
	}
	for i := 0; i+1 < len(attrs); i += 2 {
		e.SetAttr(attrs[i], attrs[i+1])
	}
	return e
}

// Attr is the value of an attribute, "" if absent.
func (e *Element) Attr(name string) string {
	v, _ := e.LookupAttr(name)
	return v
}

// LookupAttr is the value of an attribute and whether it is there.
func (e *Element) LookupAttr(name string) (string, bool) {
	for i := range e.Attrs {
		if e.Attrs[i].Name == name {
			return e.Attrs[i].Value, true
		}
	}
	return "", false
}

// SetAttr adds or replaces an attribute.
func (e *Element) SetAttr(name, value string) {
	for i := range e.Attrs {
		if e.Attrs[i].Name == name {
			e.Attrs[i].Value = value
			return
		}
	}
	e.Attrs = append(e.Attrs, Attr{name, value})
}

// DelAttr removes an attribute if it is there.
func (e *Element) DelAttr(name string) {
	for i := range e.Attrs {
		if e.Attrs[i].Name == name {
			e.Attrs = append(e.Attrs[:i], e.Attrs[i+1:]...)
			return
		}
	}
}

// NS is the explicit namespace, "" when it is the parent's.
func (e *Element) NS() string { return e.Attr("xmlns") }

// AddChild appends c to e itself, whatever the builder's position.
func (e *Element) AddChild(c *Element) *Element {
	e.Tags = append(e.Tags, c)
	e.Nodes = append(e.Nodes, Node{Element: c})
	return e
}

// AddText appends character data to e itself; "" adds nothing.
func (e *Element) AddText(s string) *Element {
	if s != "" {
		e.Nodes = append(e.Nodes, Node{Text: s})
	}
	return e
}

// Face is a script runtime's own view of the element, nil if it has none. Only runtimes use it.
func (e *Element) Face() any { return e.face }

// SetFace remembers a runtime's view.
func (e *Element) SetFace(v any) { e.face = v }
