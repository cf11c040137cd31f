package stanza

// Rendered is a stanza printed once for many recipients, with a gap where "to" goes. It is immutable and safe for concurrent use, and
// independent of the element it was made from.
type Rendered struct {
	xml []byte
	gap int
}

// Render prints e for streams whose namespace is jabber:client. A "to" that e has is left out.
func Render(e *Element) Rendered { return RenderFor(e, NSClient) }

// RenderFor is Render for streams with another namespace.
func RenderFor(e *Element, streamNS string) Rendered {
	dst, ns := e.appendOpen(make([]byte, 0, 512), streamNS, "to")
	gap := len(dst)
	return Rendered{e.appendRest(dst, ns), gap}
}

// AppendTo appends the stanza addressed to a JID; with "" it has no "to".
func (r Rendered) AppendTo(dst []byte, to string) []byte {
	dst = append(dst, r.xml[:r.gap]...)
	if to != "" {
		dst = appendAttr(dst, "to", to)
	}
	return append(dst, r.xml[r.gap:]...)
}

// Len is the size in bytes without "to".
func (r Rendered) Len() int { return len(r.xml) }

// IsZero is whether nothing was rendered.
func (r Rendered) IsZero() bool { return r.xml == nil }
