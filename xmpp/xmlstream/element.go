package xmlstream

import (
	"bytes"
	"fmt"
)

const (
	cdataOpen  = "<![CDATA["
	cdataClose = "]]>"
)

// element goes on with the element at the start of raw, token by token. done is whether it is complete and ends at w.pos; errMore
// that the next token is not all there.
func (w *work) element(raw []byte, l *Limits, h *Header) (done bool, err error) {
	for !w.complete {
		if w.wait != forNothing {
			if err := w.awaited(raw); err != nil {
				return false, err
			}
		}
		if err := w.token(raw, l, h); err != nil {
			return false, err
		}
	}
	return true, nil
}

func (w *work) token(raw []byte, l *Limits, h *Header) error {
	rest := raw[w.pos:]
	switch {
	case len(rest) == 0:
		return errMore
	case rest[0] != '<':
		return w.charData(raw)
	case len(rest) == 1:
		return errMore
	}
	switch rest[1] {
	case '/':
		return w.closeTag(raw)
	case '!':
		return w.cdata(raw, l)
	case '?':
		return violation(RestrictedXML, "a processing instruction")
	}
	return w.openTag(raw, l, h)
}

// await remembers what the token at w.pos lacks, so that input which trickles in is looked at once.
func (w *work) await(for_ waiting, from int) error {
	w.wait, w.scanned, w.quote = for_, from, 0
	return errMore
}

// awaited looks whether that has come.
func (w *work) awaited(raw []byte) error {
	found := false
	switch w.wait {
	case forTag:
		var err error
		if found, err = w.awaitedTag(raw); err != nil {
			return err
		}
	case forText:
		found = bytes.IndexByte(raw[w.scanned:], '<') >= 0
		w.scanned = len(raw)
	case forCDATA:
		found = bytes.Contains(raw[w.scanned:], []byte(cdataClose))
		w.scanned = max(w.scanned, len(raw)-len(cdataClose)+1)
	}
	if !found {
		return errMore
	}
	w.wait = forNothing
	return nil
}

func (w *work) awaitedTag(raw []byte) (bool, error) {
	for ; w.scanned < len(raw); w.scanned++ {
		switch c := raw[w.scanned]; {
		case c == '<':
			return false, malformed("\"<\" within a tag")
		case w.quote != 0:
			if c == w.quote {
				w.quote = 0
			}
		case c == '>':
			return true, nil
		case c == '\'' || c == '"':
			w.quote = c
		}
	}
	return false, nil
}

func (w *work) closeTag(raw []byte) error {
	e := &w.elems[w.cur]
	i := w.pos + 2
	name := raw[i:min(len(raw), i+int(e.qname.n))]
	if !bytes.HasPrefix(w.bytes(raw, e.qname), name) {
		return malformed("an end tag that does not match its start tag")
	}
	for i += len(name); i < len(raw) && isSpace(raw[i]); i++ {
	}
	switch {
	case len(name) < int(e.qname.n) || i == len(raw):
		return w.await(forTag, w.pos+1)
	case raw[i] != '>':
		return malformed("an end tag that does not match its start tag")
	}
	w.pos = i + 1
	w.flushText()
	w.closeElement()
	return nil
}

// closeElement leaves the innermost open element.
func (w *work) closeElement() {
	e := &w.elems[w.cur]
	w.bindings = w.bindings[:e.bindings]
	w.cur = e.parent
	w.depth--
	w.complete = w.depth == 0
}

// charData takes text up to the next tag.
func (w *work) charData(raw []byte) error {
	n := bytes.IndexByte(raw[w.pos:], '<')
	if n < 0 {
		return w.await(forText, len(raw))
	}
	s := span{int32(w.pos), int32(n)}
	w.pos += n
	text := w.bytes(raw, s)
	seen := classes(text)
	if seen&isBracket != 0 && bytes.Contains(text, []byte(cdataClose)) {
		return malformed("\"]]>\" in text")
	}
	if err := checkChars(text, seen); err != nil {
		return err
	}
	if seen&isTextEdit != 0 {
		var err error
		mark := len(w.extra)
		if w.extra, err = appendDecoded(w.extra, text, false); err != nil {
			return err
		}
		s = w.extraSince(mark)
	}
	w.addText(raw, s)
	return nil
}

func (w *work) cdata(raw []byte, l *Limits) error {
	rest := raw[w.pos:]
	head := rest[:min(len(rest), len(cdataOpen))]
	switch {
	case string(head) != cdataOpen[:len(head)]:
		return violation(RestrictedXML, "a comment or document type")
	case len(head) < len(cdataOpen):
		return errMore
	case w.depth == 0:
		return violation(BadFormat, "text between stanzas")
	}
	text := rest[len(cdataOpen):]
	n := bytes.Index(text, []byte(cdataClose))
	if n < 0 {
		from := w.pos + len(cdataOpen)
		return w.await(forCDATA, max(from, len(raw)-len(cdataClose)+1))
	}
	text = text[:n]
	if err := checkChars(text, classes(text)); err != nil {
		return err
	}
	mark := len(w.extra)
	w.extra = appendLineEnds(w.extra, text)
	w.addText(raw, w.extraSince(mark))
	w.pos += len(cdataOpen) + n + len(cdataClose)
	return w.checkExtra(l)
}

// appendLineEnds is appendDecoded for text in which "&" means itself.
func appendLineEnds(dst, b []byte) []byte {
	for i, c := range b {
		switch {
		case c != '\r':
			dst = append(dst, c)
		case i+1 == len(b) || b[i+1] != '\n':
			dst = append(dst, '\n')
		}
	}
	return dst
}

func classes(b []byte) (seen uint8) {
	for _, c := range b {
		seen |= class[c]
	}
	return seen
}

func checkChars(b []byte, seen uint8) error {
	if seen&isBad != 0 {
		return malformed("a character that XML does not allow")
	}
	if seen&isHigh != 0 && !validRunes(b) {
		return malformed("not UTF-8, or a character that XML does not allow")
	}
	return nil
}

// checkExtra bounds what is held beside the text itself: attribute names repeat their namespace, however long that is.
func (w *work) checkExtra(l *Limits) error {
	if len(w.extra) > 2*l.MaxStanza {
		return violation(PolicyViolation, fmt.Sprintf("a stanza may have %d bytes", l.MaxStanza))
	}
	return nil
}

// addText adds to the character data since the last tag, which becomes one node.
func (w *work) addText(raw []byte, s span) {
	t := &w.text
	switch {
	case s.n == 0:
	case t.n == 0:
		*t = s
	case t.off < 0 && s.off < 0 && ^t.off+t.n == ^s.off:
		t.n += s.n
	case t.off < 0 && int(^t.off+t.n) == len(w.extra):
		w.extra = append(w.extra, w.bytes(raw, s)...)
		t.n += s.n
	default:
		mark := len(w.extra)
		w.extra = append(w.extra, w.bytes(raw, *t)...)
		w.extra = append(w.extra, w.bytes(raw, s)...)
		*t = w.extraSince(mark)
	}
}

func (w *work) flushText() {
	if w.text.n > 0 {
		w.nodes = append(w.nodes, nodeRec{parent: w.cur, elem: -1, text: w.text})
		w.elems[w.cur].nodes++
		w.text = span{}
	}
}
