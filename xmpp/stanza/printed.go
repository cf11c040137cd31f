package stanza

import (
	"bytes"
	"sync/atomic"
)

// Printed is a stanza that is sent again and again, such as the presence of somebody in a large room: it is printed once, and keeps what its
// delivery asks for. It is immutable, independent of the element it was made from, and has no "to".
type Printed struct {
	Rendered
	kind      Kind
	typ, from string
	tree      atomic.Pointer[Element] // nil until asked for
}

// Print prints e for clients. A "to" that e has is left out.
func Print(e *Element) *Printed {
	r := Render(e)
	r.xml = bytes.Clone(r.xml) // for long, without room to grow
	return &Printed{Rendered: r, kind: e.Kind(), typ: e.Type(), from: e.From()}
}

// Bytes is the stanza as XML, where jabber:client is the default namespace. They must not be changed.
func (p *Printed) Bytes() []byte { return p.xml }

// Kind, Type and From are those of the element.
func (p *Printed) Kind() Kind   { return p.kind }
func (p *Printed) Type() string { return p.typ }
func (p *Printed) From() string { return p.from }

// Tree is the stanza as an element, which parse makes of Bytes the first time. It must not be changed.
func (p *Printed) Tree(parse func(xml []byte) (*Element, error)) (*Element, error) {
	if e := p.tree.Load(); e != nil {
		return e, nil
	}
	e, err := parse(p.xml)
	if err == nil {
		p.tree.Store(e)
	}
	return e, err
}
