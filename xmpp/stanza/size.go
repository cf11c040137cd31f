package stanza

// Size is about how many bytes the element takes as XML: names, values and text, without what escaping adds.
func (e *Element) Size() int {
	n := 2*len(e.Name) + len("<></>")
	for i := range e.Attrs {
		n += len(e.Attrs[i].Name) + len(e.Attrs[i].Value) + len(` =""`)
	}
	for i := range e.Nodes {
		if child := e.Nodes[i].Element; child != nil {
			n += child.Size()
		} else {
			n += len(e.Nodes[i].Text)
		}
	}
	return n
}
