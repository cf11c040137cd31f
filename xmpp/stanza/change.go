package stanza

import "slices"

// MapTags replaces each child element by what f returns for it and removes those for which f returns nil. Text stays where it is.
func (e *Element) MapTags(f func(*Element) *Element) *Element {
	mapped := make([]*Element, len(e.Tags))
	for i, c := range e.Tags {
		mapped[i] = f(c)
	}
	e.mapNodes(mapped)
	tags := e.Tags[:0]
	for _, c := range mapped {
		if c != nil {
			tags = append(tags, c)
		}
	}
	clear(e.Tags[len(tags):])
	e.Tags = tags
	return e
}

// mapNodes carries a change of Tags over to Nodes. The lists agree in order unless a script edited one of them only, so the search
// goes on where the last one ended.
func (e *Element) mapNodes(mapped []*Element) {
	nodes, next := e.Nodes[:0], 0
	for _, n := range e.Nodes {
		if i := e.tagIndex(n.Element, next); i >= 0 {
			next = i + 1
			n.Element = mapped[i]
			if n.Element == nil {
				continue
			}
		}
		nodes = append(nodes, n)
	}
	clear(e.Nodes[len(nodes):])
	e.Nodes = nodes
}

func (e *Element) tagIndex(c *Element, from int) int {
	if c == nil {
		return -1
	}
	n := len(e.Tags)
	for k := range n {
		if i := (from + k) % n; e.Tags[i] == c {
			return i
		}
	}
	return -1
}

// RemoveChildren removes the child elements of that name (any if "") whose xmlns attribute is ns, or that of e itself if ns is "".
func (e *Element) RemoveChildren(name, ns string) *Element {
	if ns == "" {
		ns = e.NS()
	}
	return e.MapTags(func(c *Element) *Element {
		if (name == "" || c.Name == name) && c.NS() == ns {
			return nil
		}
		return c
	})
}

// Become makes e equal to other, whose parts it takes over. Whoever holds e sees the change. The builder stays where it is, as far as there
// are still elements of the same names in the same places: whoever opened them goes on adding there.
func (e *Element) Become(other *Element) {
	cursor := e.counterparts(other)
	e.Name, e.Attrs, e.Tags, e.Nodes, e.cursor = other.Name, other.Attrs, other.Tags, other.Nodes, cursor
}

// counterparts are the elements of other in the places of those that the builder of e has opened.
func (e *Element) counterparts(other *Element) (cursor []*Element) {
	for _, opened := range e.cursor {
		i := slices.Index(e.Tags, opened)
		if i < 0 || i >= len(other.Tags) || other.Tags[i].Name != opened.Name {
			break
		}
		e, other = opened, other.Tags[i]
		cursor = append(cursor, other)
	}
	return cursor
}
