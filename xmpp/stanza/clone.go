package stanza

// slab hands out parts of four arrays, so that a tree of any size is copied in four allocations. Parts are cut to their capacity:
// adding to one of them later copies it and does not run into its neighbour.
type slab struct {
	elements []Element
	attrs    []Attr
	nodes    []Node
	tags     []*Element
}

// count adds up what a copy of e needs.
func (e *Element) count(elements, attrs, nodes, tags *int) {
	*elements++
	*attrs += len(e.Attrs)
	*nodes += len(e.Nodes)
	*tags += len(e.Tags)
	for i := range e.Nodes {
		if c := e.Nodes[i].Element; c != nil {
			c.count(elements, attrs, nodes, tags)
		}
	}
}

// Clone is a deep copy, with the builder at the top and no face. As when printing, Nodes decides what the children are. There is room for one more
// child, which copies often get.
func (e *Element) Clone() *Element {
	var elements, attrs, nodes, tags int
	e.count(&elements, &attrs, &nodes, &tags)
	s := slab{make([]Element, elements), make([]Attr, attrs), make([]Node, nodes+1), make([]*Element, 0, elements)}
	return s.clone(e, 1)
}

// clone copies e, with room for more children.
func (s *slab) clone(e *Element, more int) *Element {
	c := s.element()
	c.Name = e.Name
	c.Attrs = s.attrsOf(e)
	n := len(e.Nodes)
	c.Nodes, s.nodes = s.nodes[:n:n+more], s.nodes[n+more:]
	copy(c.Nodes, e.Nodes)
	start := len(s.tags)
	for i := range c.Nodes {
		if c.Nodes[i].Element != nil {
			s.tags = append(s.tags, nil)
		}
	}
	end := len(s.tags)
	s.tags = s.tags[:end+more]
	c.Tags = s.tags[start : end : end+more]
	next := 0
	for i := range c.Nodes {
		if child := c.Nodes[i].Element; child != nil {
			c.Nodes[i].Element = s.clone(child, 0)
			c.Tags[next] = c.Nodes[i].Element
			next++
		}
	}
	return c
}

func (s *slab) element() *Element {
	c := &s.elements[0]
	s.elements = s.elements[1:]
	return c
}

func (s *slab) attrsOf(e *Element) []Attr {
	n := len(e.Attrs)
	a := s.attrs[:n:n]
	s.attrs = s.attrs[n:]
	copy(a, e.Attrs)
	return a
}

// ShallowClone copies the name and the attributes, and no children.
func (e *Element) ShallowClone() *Element {
	c := &Element{Name: e.Name}
	if len(e.Attrs) > 0 {
		c.Attrs = append(make([]Attr, 0, len(e.Attrs)), e.Attrs...)
	}
	return c
}
