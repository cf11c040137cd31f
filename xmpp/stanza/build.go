package stanza

import "slices"

// Message makes a message with a body, or without one if body is "". attrs are name, value pairs.
func Message(body string, attrs ...string) *Element {
	m := New("message", "", attrs...)
	if body != "" {
		m.TextTag("body", "", body)
	}
	return m
}

// Presence makes a presence stanza. attrs are name, value pairs.
func Presence(attrs ...string) *Element { return New("presence", "", attrs...) }

// IQ makes an IQ; typ is get, set, result or error, and an id is required (RFC 6120 §8.2.3). attrs are name, value pairs.
func IQ(typ, id string, attrs ...string) *Element {
	iq := &Element{Name: "iq", Attrs: make([]Attr, 0, 2+len(attrs)/2)}
	iq.Attrs = append(iq.Attrs, Attr{"id", id}, Attr{"type", typ})
	for i := 0; i+1 < len(attrs); i += 2 {
		iq.SetAttr(attrs[i], attrs[i+1])
	}
	return iq
}

// Reply makes an empty answer to st: to and from swapped, id kept; type is result for an IQ and st's own otherwise.
func Reply(st *Element) *Element {
	r := &Element{Name: st.Name, Attrs: make([]Attr, 0, 5)}
	r.setAttrFrom("to", st, "from")
	r.setAttrFrom("from", st, "to")
	r.setAttrFrom("id", st, "id")
	if st.Name == "iq" {
		r.Attrs = append(r.Attrs, Attr{"type", "result"})
	} else {
		r.setAttrFrom("type", st, "type")
	}
	return r
}

func (e *Element) setAttrFrom(name string, src *Element, srcName string) {
	if v, ok := src.LookupAttr(srcName); ok {
		e.Attrs = append(e.Attrs, Attr{name, v})
	}
}

// at is where the builder adds: the innermost element opened with Tag, or e.
func (e *Element) at() *Element {
	if n := len(e.cursor); n > 0 {
		return e.cursor[n-1]
	}
	return e
}

// Tag adds a child at the builder's position and moves into it. Arguments as for New; returns e, so that calls chain.
func (e *Element) Tag(name, ns string, attrs ...string) *Element {
	return e.Open(New(name, ns, attrs...))
}

// Open adds an element at the builder's position and moves into it. Returns e.
func (e *Element) Open(c *Element) *Element {
	e.at().AddChild(c)
	e.cursor = append(e.cursor, c)
	return e
}

// TextTag adds a child that holds only text at the builder's position, which stays. Returns e.
func (e *Element) TextTag(name, ns, text string, attrs ...string) *Element {
	e.at().AddChild(New(name, ns, attrs...).AddText(text))
	return e
}

// PutText adds character data at the builder's position; "" adds nothing. Returns e.
func (e *Element) PutText(s string) *Element {
	e.at().AddText(s)
	return e
}

// Put adds an element at the builder's position, which stays. Returns e.
func (e *Element) Put(c *Element) *Element {
	e.at().AddChild(c)
	return e
}

// Up leaves the innermost element opened with Tag; at the top it does nothing. Returns e.
func (e *Element) Up() *Element {
	if n := len(e.cursor); n > 0 {
		e.cursor[n-1] = nil
		e.cursor = e.cursor[:n-1]
	}
	return e
}

// Reset moves the builder back to e. Returns e.
func (e *Element) Reset() *Element {
	e.cursor = nil
	return e
}

// Path is where the builder stands: the place of each opened element among the child elements of the one above it, nil at the top.
func (e *Element) Path() (path []int) {
	for _, opened := range e.cursor {
		i := slices.Index(e.Tags, opened)
		if i < 0 {
			break
		}
		path, e = append(path, i), opened
	}
	return path
}

// SetPath moves the builder to where a path leads, or as far as it does.
func (e *Element) SetPath(path []int) {
	e.cursor = nil
	for at, i := e, 0; i < len(path); i++ {
		if path[i] < 0 || path[i] >= len(at.Tags) {
			break
		}
		at = at.Tags[path[i]]
		e.cursor = append(e.cursor, at)
	}
}

// AtTop is whether the builder adds to e itself.
func (e *Element) AtTop() bool { return len(e.cursor) == 0 }
