package stanza

import "bytes"

// Printed is a stanza that is sent again and again, such as the presence of somebody in a large room: it is printed once, and keeps what its
// delivery asks for. It is immutable, independent of the element it was made from, and has no "to".
type Printed struct {
	Rendered
	kind      Kind
	typ, from string
}

// Print prints e for clients. A "to" that e has is left out.
func Print(e *Element) *Printed {
	r := Render(e)
	r.xml = bytes.Clone(r.xml) // for long, without room to grow
	return &Printed{r, e.Kind(), e.Type(), e.From()}
}

// Bytes is the stanza as XML, where jabber:client is the default namespace. They must not be changed.
func (p *Printed) Bytes() []byte { return p.xml }

// Kind, Type and From are those of the element.
func (p *Printed) Kind() Kind   { return p.kind }
func (p *Printed) Type() string { return p.typ }
func (p *Printed) From() string { return p.from }
