package xmlstream

import (
	"strings"

	"quatrain/xmpp/stanza"
)

// shareLimit is up to which size all strings of a tree are parts of one. Beyond, each is its own: somebody who keeps a nick must not
// keep the hundred kilobytes that it came with.
const shareLimit = 8 << 10

// tree turns the records of a complete element into elements. Its arrays are shared by the whole tree and cut to their capacity, so that
// elements can be changed independently.
type tree struct {
	w      *work
	raw    []byte
	shared string          // raw and extra; "" if the strings are not shared
	uris   map[span]string // where they are not, one copy of each namespace
}

func (w *work) build(raw []byte, streamNS string) *stanza.Element {
	t := tree{w: w, raw: raw}
	if len(raw)+len(w.extra) <= shareLimit {
		var b strings.Builder
		b.Grow(len(raw) + len(w.extra))
		b.Write(raw)
		b.Write(w.extra)
		t.shared = b.String()
	}
	elems := make([]stanza.Element, len(w.elems))
	t.attrs(elems, streamNS)
	t.children(elems)
	return &elems[0]
}

func (t *tree) attrs(elems []stanza.Element, streamNS string) {
	const stamp = 1 // room for "from", which whoever routes the element adds to it
	slab := make([]stanza.Attr, len(t.w.attrs)+t.w.explicit+stamp)
	for i := range elems {
		rec := &t.w.elems[i]
		elems[i].Name = t.str(rec.name)
		used := 0
		if rec.explicit {
			slab[0] = stanza.Attr{Name: "xmlns", Value: t.uri(rec.ns)}
			used = 1
		}
		for _, a := range t.w.attrs[rec.attrs : rec.attrs+rec.attrN] {
			slab[used] = stanza.Attr{Name: t.str(a.name), Value: t.str(a.value)}
			used++
		}
		if used > 0 {
			room := used
			if i == 0 {
				room += stamp
			}
			elems[i].Attrs = slab[:used:room]
			slab = slab[room:]
		}
	}
}

func (t *tree) children(elems []stanza.Element) {
	more := int32(min(len(t.w.nodes), 1)) // room for a child that a room or an archive adds, if there are any
	nodes := make([]stanza.Node, len(t.w.nodes)+int(more))
	tags := make([]*stanza.Element, len(elems)-1+int(more))
	for i := range elems {
		rec := &t.w.elems[i]
		elems[i].Nodes, nodes = nodes[:0:rec.nodes+more], nodes[rec.nodes+more:]
		elems[i].Tags, tags = tags[:0:rec.tags+more], tags[rec.tags+more:]
		more = 0
	}
	for i := range t.w.nodes {
		n := &t.w.nodes[i]
		parent := &elems[n.parent]
		if n.elem < 0 {
			parent.Nodes = append(parent.Nodes, stanza.Node{Text: t.str(n.text)})
			continue
		}
		parent.Nodes = append(parent.Nodes, stanza.Node{Element: &elems[n.elem]})
		parent.Tags = append(parent.Tags, &elems[n.elem])
	}
}

func (t *tree) str(s span) string {
	switch {
	case t.shared == "":
		return string(t.w.bytes(t.raw, s))
	case s.off < 0:
		start := len(t.raw) + int(^s.off)
		return t.shared[start : start+int(s.n)]
	}
	return t.shared[s.off : s.off+s.n]
}

func (t *tree) uri(u uri) string {
	if u.fixed != "" || t.shared != "" {
		return u.fixed + t.str(u.span)
	}
	s, ok := t.uris[u.span]
	if !ok {
		if t.uris == nil {
			t.uris = make(map[span]string)
		}
		s = t.str(u.span)
		t.uris[u.span] = s
	}
	return s
}
