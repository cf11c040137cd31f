package stanza

import (
	"strconv"
	"strings"
)

// AppendXML appends the element as XML. parentNS is the namespace that holds where it will stand (NSClient on a client stream); an
// xmlns attribute that only repeats it is left out, "" keeps all. Attributes named "URI\x01local" get prefixes. The name of an element is
// written as it is; values are escaped and always give a well-formed document.
func (e *Element) AppendXML(dst []byte, parentNS string) []byte {
	dst, ns := e.appendOpen(dst, parentNS, "")
	return e.appendRest(dst, ns)
}

// String is the element as XML, with every xmlns attribute it has.
func (e *Element) String() string { return string(e.AppendXML(nil, "")) }

// TopTag is the opening tag alone.
func (e *Element) TopTag() string {
	dst, _ := e.appendOpen(nil, "", "")
	return string(append(dst, '>'))
}

// appendOpen writes the opening tag up to where its ">" belongs, without the attribute named skip, and returns the namespace that
// holds inside.
func (e *Element) appendOpen(dst []byte, parentNS, skip string) ([]byte, string) {
	dst = append(append(dst, '<'), e.Name...)
	ns, prefixes := parentNS, 0
	for i := range e.Attrs {
		a := &e.Attrs[i]
		switch {
		case a.Name == "xmlns":
			if ns = a.Value; ns != parentNS || ns == "" {
				dst = appendAttr(dst, "xmlns", ns)
			}
		case skip != "" && a.Name == skip:
		case strings.IndexByte(a.Name, 1) >= 0:
			prefixes++
			dst = appendForeignAttr(dst, a, prefixes)
		default:
			dst = appendAttr(dst, a.Name, a.Value)
		}
	}
	return dst, ns
}

// appendRest writes what follows the opening tag's attributes.
func (e *Element) appendRest(dst []byte, ns string) []byte {
	if len(e.Nodes) == 0 {
		return append(dst, "/>"...)
	}
	dst = append(dst, '>')
	for i := range e.Nodes {
		if c := e.Nodes[i].Element; c != nil {
			dst = c.AppendXML(dst, ns)
		} else {
			dst = AppendText(dst, e.Nodes[i].Text)
		}
	}
	dst = append(append(dst, "</"...), e.Name...)
	return append(dst, '>')
}

func appendAttr(dst []byte, name, value string) []byte {
	dst = append(append(dst, ' '), name...)
	dst = AppendAttrValue(append(dst, "='"...), value)
	return append(dst, '\'')
}

// appendForeignAttr declares a prefix of its own for each attribute; they are too rare to share one.
func appendForeignAttr(dst []byte, a *Attr, n int) []byte {
	ns, local, _ := strings.Cut(a.Name, "\x01")
	prefix := "ns" + strconv.Itoa(n)
	dst = appendAttr(dst, "xmlns:"+prefix, ns)
	return appendAttr(dst, prefix+":"+local, a.Value)
}
