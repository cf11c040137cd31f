package xmlstream

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"quatrain/xmpp/stanza"
)

const (
	declarationOpen = "<?xml"
	maxDeclaration  = 256 // bytes
)

// Header is a stream tag (RFC 6120 §4.7).
type Header struct {
	NS                          string // the content namespace, such as jabber:client; not checked against what is served here
	To, From, Version, Lang, ID string // as sent, "" if absent
	Attrs                       []stanza.Attr

	prefixes []stanza.Attr // namespaces declared with a prefix
	content  string        // of the elements without an xmlns attribute: NS, unless Root says otherwise
}

// Root is what the first tag of a stream has to be and what its elements are written against, where that is not RFC 6120's.
type Root struct {
	NS, Name string // of the tag
	// Content is the namespace of the elements that get no xmlns attribute.
	Content string
}

// SetRoot is for other protocols than RFC 6120's, before Stream.
func (d *Decoder) SetRoot(r Root) { d.expected = &r }

// Declares is whether the stream tag declares a prefix for the namespace, which is how servers show that they know dialback.
func (h *Header) Declares(ns string) bool {
	for _, p := range h.prefixes {
		if p.Value == ns {
			return true
		}
	}
	return false
}

// Stream reads the XML declaration, if there is one, and the stream tag. Errors are those of Next.
func (d *Decoder) Stream() (Header, error) {
	if d.err != nil {
		return Header{}, d.err
	}
	if d.root != "" {
		return Header{}, errors.New("reading a stream tag: the stream is open")
	}
	d.drop()
	for {
		if d.w != nil {
			h, err := d.stream()
			if err == nil {
				return h, nil
			}
			if err != errMore {
				return Header{}, d.fail(err)
			}
		}
		if err := d.fill(); err != nil {
			return Header{}, err
		}
	}
}

func (d *Decoder) stream() (Header, error) {
	w := d.w
	if w.wait == forNothing {
		if err := d.declaration(); err != nil {
			return Header{}, err
		}
	}
	raw := w.raw()
	if err := d.streamTag(raw); err != nil {
		if err == errMore && len(raw) > d.limits.MaxStanza {
			err = violation(PolicyViolation, "the stream tag is too long")
		}
		return Header{}, err
	}
	h := w.header(raw)
	if err := d.checkRoot(raw, &h); err != nil {
		return Header{}, err
	}
	d.root = common(w.bytes(raw, w.elems[0].qname))
	d.header = h.kept()
	empty := w.depth == 0
	w.base += w.pos
	w.startElement()
	if empty {
		d.fail(ErrStreamEnd)
	}
	return h, nil
}

func (d *Decoder) streamTag(raw []byte) error {
	w := d.w
	switch {
	case len(raw) < 2:
		return errMore
	case raw[1] == '!':
		return violation(RestrictedXML, "a comment or document type")
	}
	if w.wait != forNothing {
		if err := w.awaited(raw); err != nil {
			return err
		}
	}
	return w.openTag(raw, &d.limits, &Header{})
}

// declaration skips white space and an XML declaration, up to the "<" of the stream tag.
func (d *Decoder) declaration() error {
	w := d.w
	w.skipSpace()
	raw := w.raw()
	switch {
	case len(raw) == 0:
		return errMore
	case raw[0] != '<':
		return malformed("no XML")
	case len(raw) < 2 || raw[1] != '?':
		return nil
	case d.begun, !isDeclaration(raw):
		return violation(RestrictedXML, "a processing instruction")
	}
	end := bytes.Index(raw, []byte("?>"))
	switch {
	case end < 0 && len(raw) > maxDeclaration, end > maxDeclaration:
		return malformed("a faulty XML declaration")
	case end < 0:
		return errMore
	}
	if err := checkDeclaration(string(raw[len(declarationOpen):end])); err != nil {
		return err
	}
	w.base += end + 2
	d.begun = true
	return d.declaration()
}

// isDeclaration is whether raw starts like one, as far as it goes.
func isDeclaration(raw []byte) bool {
	n := min(len(raw), len(declarationOpen))
	return string(raw[:n]) == declarationOpen[:n] && (len(raw) == n || isSpace(raw[n]))
}

// checkDeclaration looks at version, encoding and standalone, which come in this order (XML 1.0 §2.8).
func checkDeclaration(s string) error {
	version, s := declared(s, "version")
	encoding, s := declared(s, "encoding")
	standalone, s := declared(s, "standalone")
	switch {
	case version == "" || strings.TrimSpace(s) != "" || standalone != "" && standalone != "yes" && standalone != "no":
		return malformed("a faulty XML declaration")
	case version != "1.0":
		return malformed("an XML version other than 1.0")
	case encoding != "" && !strings.EqualFold(encoding, "utf-8"):
		return violation(UnsupportedEncoding, "an encoding other than UTF-8")
	}
	return nil
}

// declared takes name="value" off the front of s, if it is there.
func declared(s, name string) (value, rest string) {
	t, ok := strings.CutPrefix(strings.TrimLeft(s, " \t\r\n"), name)
	if !ok || s[0] > ' ' {
		return "", s
	}
	t, ok = strings.CutPrefix(strings.TrimLeft(t, " \t\r\n"), "=")
	t = strings.TrimLeft(t, " \t\r\n")
	if !ok || t == "" || t[0] != '\'' && t[0] != '"' {
		return "", s
	}
	value, rest, ok = strings.Cut(t[1:], t[:1])
	if !ok {
		return "", s
	}
	return value, rest
}

// header copies what the stream tag says; it outlives the buffer.
func (w *work) header(raw []byte) Header {
	rec := &w.elems[0]
	h := Header{NS: rec.def.fixed + common(w.bytes(raw, rec.def.span))}
	for _, a := range w.attrs[rec.attrs : rec.attrs+rec.attrN] {
		h.Attrs = append(h.Attrs, stanza.Attr{Name: string(w.bytes(raw, a.name)), Value: string(w.bytes(raw, a.value))})
	}
	for _, b := range w.bindings {
		h.prefixes = append(h.prefixes, stanza.Attr{Name: common(w.bytes(raw, b.prefix)), Value: common(w.bytes(raw, b.uri.span))})
	}
	for _, a := range h.Attrs {
		switch a.Name {
		case "to":
			h.To = a.Value
		case "from":
			h.From = a.Value
		case "version":
			h.Version = a.Value
		case "xml:lang":
			h.Lang = a.Value
		case "id":
			h.ID = a.Value
		}
	}
	return h
}

// usual are the prefixes that most streams declare.
var usual = []stanza.Attr{{Name: "stream", Value: stanza.NSStreams}}

// kept is what is needed of the header later. It is there as long as the stream, so that it is small in the usual case.
func (h *Header) kept() Header {
	k := Header{NS: h.NS, content: h.content, prefixes: h.prefixes}
	if slices.Equal(h.prefixes, usual) {
		k.prefixes = usual
	}
	return k
}

// common is string(b), a constant if that is what most streams say.
func common(b []byte) string {
	switch string(b) {
	case stanza.NSClient:
		return stanza.NSClient
	case stanza.NSStreams:
		return stanza.NSStreams
	case "stream":
		return "stream"
	case "stream:stream":
		return "stream:stream"
	}
	return string(b)
}

// checkRoot sees to it that the tag is the right one.
func (d *Decoder) checkRoot(raw []byte, h *Header) error {
	if d.expected == nil {
		h.content = h.NS
		return d.w.checkStreamTag(raw, *h)
	}
	rec := &d.w.elems[0]
	if !d.w.isURI(raw, rec.ns, d.expected.NS) || string(d.w.bytes(raw, rec.name)) != d.expected.Name {
		return violation(InvalidNamespace, string(d.w.bytes(raw, rec.name)))
	}
	h.content = d.expected.Content
	return nil
}

func (w *work) checkStreamTag(raw []byte, h Header) error {
	rec := &w.elems[0]
	switch {
	case rec.name == rec.qname && w.isURI(raw, rec.ns, stanza.NSStreams):
		return violation(BadNamespacePrefix, "the stream tag needs a prefix")
	case !w.isURI(raw, rec.ns, stanza.NSStreams):
		return violation(InvalidNamespace, "the first tag is not in the namespace of streams")
	case string(w.bytes(raw, rec.name)) != "stream":
		return violation(BadFormat, "the first tag is not that of a stream")
	case h.NS == "":
		return violation(InvalidNamespace, "no content namespace")
	}
	return nil
}
