package xmlstream

import (
	"bytes"
	"fmt"
)

// openTag reads the start tag at w.pos and enters its element; an empty-element tag leaves it again.
func (w *work) openTag(raw []byte, l *Limits, h *Header) error {
	if w.depth >= l.MaxDepth {
		return violation(PolicyViolation, fmt.Sprintf("elements may be nested %d deep", l.MaxDepth))
	}
	if len(w.elems) >= l.MaxElements {
		return violation(PolicyViolation, fmt.Sprintf("a stanza may have %d elements", l.MaxElements))
	}
	attrs, extra := len(w.attrs), len(w.extra)
	start := w.pos + 1
	end, colon, ok := scanName(raw, start)
	if !ok {
		return malformed("a faulty element name")
	}
	next, empty, err := w.scanAttrs(raw, end, l)
	if err == errMore {
		w.attrs, w.extra = w.attrs[:attrs], w.extra[:extra]
		return w.await(forTag, start)
	}
	if err != nil {
		return err
	}
	w.pos = next
	w.flushText()
	e := elemRec{
		qname:    span{int32(start), int32(end - start)},
		parent:   w.cur,
		attrs:    int32(attrs),
		bindings: int32(len(w.bindings)),
	}
	if err := w.resolve(raw, &e, colon-start, h); err != nil {
		return err
	}
	w.enter(e)
	if empty {
		w.closeElement()
	}
	return w.checkExtra(l)
}

func (w *work) enter(e elemRec) {
	i := int32(len(w.elems))
	if w.cur >= 0 {
		w.nodes = append(w.nodes, nodeRec{parent: w.cur, elem: i})
		w.elems[w.cur].nodes++
		w.elems[w.cur].tags++
	}
	if e.explicit {
		w.explicit++
	}
	w.elems = append(w.elems, e)
	w.cur = i
	w.depth++
}

// scanAttrs reads the attributes from i to the end of the tag, unresolved. next is behind the tag.
func (w *work) scanAttrs(raw []byte, i int, l *Limits) (next int, empty bool, err error) {
	first := len(w.attrs)
	for {
		space := i
		for i < len(raw) && isSpace(raw[i]) {
			i++
		}
		if i == len(raw) {
			return 0, false, errMore
		}
		switch {
		case raw[i] == '>':
			return i + 1, false, nil
		case raw[i] == '/' && i+1 == len(raw):
			return 0, false, errMore
		case raw[i] == '/' && raw[i+1] == '>':
			return i + 2, true, nil
		case i == space:
			return 0, false, malformed("a faulty tag")
		case len(w.attrs)-first >= l.MaxAttrs:
			return 0, false, violation(PolicyViolation, fmt.Sprintf("an element may have %d attributes", l.MaxAttrs))
		}
		if i, err = w.scanAttr(raw, i); err != nil {
			return 0, false, err
		}
	}
}

// scanAttr reads the attribute that starts at i.
func (w *work) scanAttr(raw []byte, i int) (next int, err error) {
	end, colon, ok := scanName(raw, i)
	if !ok {
		return 0, malformed("a faulty attribute name")
	}
	a := attrRec{name: span{int32(i), int32(end - i)}, colon: -1}
	if colon >= 0 {
		a.colon = int32(colon - i)
	}
	quote, err := scanEquals(raw, end)
	if err != nil {
		return 0, err
	}
	start := quote + 1
	n := bytes.IndexByte(raw[start:], raw[quote])
	if n < 0 {
		return 0, errMore
	}
	if a.value, err = w.attrValue(raw, span{int32(start), int32(n)}); err != nil {
		return 0, err
	}
	w.attrs = append(w.attrs, a)
	return start + n + 1, nil
}

// scanEquals is where the opening quote behind "=" is.
func scanEquals(raw []byte, i int) (int, error) {
	for i < len(raw) && isSpace(raw[i]) {
		i++
	}
	if i < len(raw) && raw[i] != '=' {
		return 0, malformed("an attribute without value")
	}
	for i++; i < len(raw) && isSpace(raw[i]); i++ {
	}
	if i >= len(raw) {
		return 0, errMore
	}
	if raw[i] != '\'' && raw[i] != '"' {
		return 0, malformed("an attribute value without quotes")
	}
	return i, nil
}

func (w *work) attrValue(raw []byte, s span) (span, error) {
	value := w.bytes(raw, s)
	seen := classes(value)
	if seen&isLess != 0 {
		return s, malformed("\"<\" in an attribute")
	}
	if err := checkChars(value, seen); err != nil {
		return s, err
	}
	if seen&isAttrEdit == 0 {
		return s, nil
	}
	var err error
	mark := len(w.extra)
	if w.extra, err = appendDecoded(w.extra, value, true); err != nil {
		return s, err
	}
	return w.extraSince(mark), nil
}
