package xmlstream

import (
	"bytes"

	"quatrain/xmpp/stanza"
)

const nsXMLNS = "http://www.w3.org/2000/xmlns/"

// resolve gives the element and its attributes, which end the list, their namespaces. colon is where in the element's name.
func (w *work) resolve(raw []byte, e *elemRec, colon int, h *Header) error {
	e.def = uri{fixed: h.NS}
	parentExplicit := false
	if w.cur >= 0 {
		e.def, parentExplicit = w.elems[w.cur].def, w.elems[w.cur].explicit
	}
	prefixed, err := w.declare(raw, e)
	if err != nil {
		return err
	}
	if prefixed {
		if err := w.expand(raw, w.attrs[e.attrs:], h); err != nil {
			return err
		}
	}
	e.attrN = int32(len(w.attrs)) - e.attrs
	e.name, e.ns = e.qname, e.def
	if colon >= 0 {
		prefix := span{e.qname.off, int32(colon)}
		e.name = span{e.qname.off + int32(colon) + 1, e.qname.n - int32(colon) - 1}
		var ok bool
		if e.ns, ok = w.lookup(raw, prefix, h); !ok {
			return unbound(h)
		}
	}
	e.explicit = parentExplicit || !w.isURI(raw, e.ns, h.content)
	return nil
}

func unbound(h *Header) error {
	if h.NS == "" { // the stream tag itself, for which RFC 6120 §4.9.3.2 has a name
		return violation(BadNamespacePrefix, "a namespace prefix that is not declared")
	}
	return malformed("a namespace prefix that is not declared")
}

// declare takes the namespace declarations out of the attributes and refuses attributes that come twice.
func (w *work) declare(raw []byte, e *elemRec) (prefixed bool, err error) {
	list := w.attrs[e.attrs:]
	if w.repeated(raw, list) {
		return false, malformed("an attribute that occurs twice")
	}
	kept := 0
	for _, a := range list {
		name := w.bytes(raw, a.name)
		switch {
		case a.colon < 0 && string(name) == "xmlns":
			if w.isURI(raw, uri{span: a.value}, stanza.NSXML) || w.isURI(raw, uri{span: a.value}, nsXMLNS) {
				return false, malformed("a reserved namespace")
			}
			e.def = uri{span: a.value}
			continue
		case a.colon == 5 && string(name[:5]) == "xmlns":
			if err := w.bind(raw, a); err != nil {
				return false, err
			}
			continue
		case a.colon >= 0:
			prefixed = true
		}
		list[kept] = a
		kept++
	}
	w.attrs = w.attrs[:int(e.attrs)+kept]
	return prefixed, nil
}

func (w *work) bind(raw []byte, a attrRec) error {
	prefix := span{a.name.off + 6, a.name.n - 6}
	ns := uri{span: a.value}
	isXML := string(w.bytes(raw, prefix)) == "xml"
	switch {
	case a.value.n == 0:
		return malformed("a namespace prefix declared as nothing")
	case isXML != w.isURI(raw, ns, stanza.NSXML), w.isURI(raw, ns, nsXMLNS), string(w.bytes(raw, prefix)) == "xmlns":
		return malformed("a reserved namespace")
	case !isXML:
		w.bindings = append(w.bindings, binding{prefix, ns})
	}
	return nil
}

// expand names the attributes that have a prefix "URI\x01local", except those of the xml prefix.
func (w *work) expand(raw []byte, list []attrRec, h *Header) error {
	for i := range list {
		a := &list[i]
		if a.colon < 0 || string(w.bytes(raw, a.name)[:a.colon]) == "xml" {
			continue
		}
		ns, ok := w.lookup(raw, span{a.name.off, a.colon}, h)
		if !ok {
			return unbound(h)
		}
		local := w.bytes(raw, a.name)[a.colon+1:]
		mark := len(w.extra)
		if ns.fixed != "" {
			w.extra = append(w.extra, ns.fixed...)
		} else {
			w.extra = append(w.extra, w.bytes(raw, ns.span)...)
		}
		w.extra = append(append(w.extra, 1), local...)
		a.name = w.extraSince(mark)
	}
	if w.repeated(raw, list) {
		return malformed("an attribute that occurs twice")
	}
	return nil
}

func (w *work) repeated(raw []byte, list []attrRec) bool {
	for i := 1; i < len(list); i++ {
		for k := range i {
			if list[i].name.n == list[k].name.n && bytes.Equal(w.bytes(raw, list[i].name), w.bytes(raw, list[k].name)) {
				return true
			}
		}
	}
	return false
}

// lookup is the namespace that a prefix stands for.
func (w *work) lookup(raw []byte, prefix span, h *Header) (uri, bool) {
	p := w.bytes(raw, prefix)
	for i := len(w.bindings) - 1; i >= 0; i-- {
		if bytes.Equal(w.bytes(raw, w.bindings[i].prefix), p) {
			return w.bindings[i].uri, true
		}
	}
	if string(p) == "xml" {
		return uri{fixed: stanza.NSXML}, true
	}
	for i := range h.prefixes {
		if h.prefixes[i].Name == string(p) {
			w.borrowed = true
			return uri{fixed: h.prefixes[i].Value}, true
		}
	}
	return uri{}, false
}

func (w *work) isURI(raw []byte, u uri, s string) bool {
	if u.fixed != "" {
		return u.fixed == s
	}
	return string(w.bytes(raw, u.span)) == s
}
