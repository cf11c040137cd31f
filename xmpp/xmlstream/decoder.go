// Package xmlstream reads the subset of XML that XMPP allows (RFC 6120 §11, XML 1.0, Namespaces in XML 1.0) from a stream into the elements
// of package stanza. It refuses what RFC 6120 §11.1 forbids, reports each fault as the stream error to send, and bounds what a peer
// can make it hold.
//
// An element in the stream's default namespace has no xmlns attribute; one outside, and everything below it, has one. Prefixes are
// resolved; "xml:lang" and its kind keep their name, another attribute with a prefix is named "URI\x01local".
//
// It deliberately knows no DTD, no entities but the five, no comments, no processing instructions and no encoding but UTF-8.
package xmlstream

import (
	"errors"
	"fmt"
	"io"

	"quatrain/xmpp/stanza"
)

// ErrStreamEnd is what Next returns when the peer has closed its stream with the end tag. It is an io.EOF; a connection that ends without
// that gives io.EOF itself between elements and io.ErrUnexpectedEOF within one.
var ErrStreamEnd = fmt.Errorf("stream closed by peer: %w", io.EOF)

// errMore asks for more input.
var errMore = errors.New("incomplete")

// Decoder reads one direction of a stream. It is not safe for concurrent use. While it waits between elements it holds no buffer.
type Decoder struct {
	r        io.Reader
	limits   Limits
	header   Header
	expected *Root  // nil for RFC 6120's
	root     string // the stream tag's name as written, "" before Stream
	begun    bool   // the XML declaration has been read
	w        *work  // nil while there is nothing to hold
	err      error  // what ended the stream, sticky
	first    [1]byte
}

// NewDecoder reads from r, which Lazy can make cheaper to wait on. Zero limits are the defaults.
func NewDecoder(r io.Reader, l Limits) *Decoder {
	return &Decoder{r: r, limits: l.withDefaults()}
}

// SetLimits changes the limits from the next element on, for instance once the peer has authenticated.
func (d *Decoder) SetLimits(l Limits) { d.limits = l.withDefaults() }

// Next is the next complete element below the stream tag; Stream must have been called. White space in between, which peers send to keep
// the connection alive, is skipped. Errors: *StreamError for a fault of the peer, ErrStreamEnd, io.EOF, io.ErrUnexpectedEOF, or the reader's
// own. After a time-out of the reader Next can be called again and goes on where it was.
func (d *Decoder) Next() (*stanza.Element, error) {
	if d.err != nil {
		return nil, d.err
	}
	if d.root == "" {
		return nil, errors.New("reading a stanza: the stream is not open")
	}
	d.drop()
	for {
		if d.w != nil {
			done, err := d.step()
			if err == nil && done {
				return d.w.build(d.w.raw()[:d.w.pos], d.header.NS), nil
			}
			if err != nil && err != errMore {
				return nil, d.fail(err)
			}
		}
		if err := d.fill(); err != nil {
			return nil, err
		}
	}
}

// Raw is the text of the element that Next returned last, valid until the next call. It is nil if the element means something else
// elsewhere, because it uses a prefix that the stream tag declares.
func (d *Decoder) Raw() []byte {
	if d.w == nil || !d.w.complete || d.w.borrowed {
		return nil
	}
	return d.w.raw()[:d.w.pos:d.w.pos]
}

// Buffered is what has been read and not yet returned. Before TLS is started on the connection it has to be empty: bytes that came
// with the STARTTLS request were sent in the clear and would pass for protected ones.
func (d *Decoder) Buffered() []byte {
	if d.w == nil {
		return nil
	}
	if d.w.complete {
		return d.w.raw()[d.w.pos:]
	}
	return d.w.raw()
}

// Restart expects a new stream tag on the same connection, as after SASL. Bytes already read are kept, so that peers may send ahead.
func (d *Decoder) Restart() {
	d.drop()
	d.begun, d.root, d.header, d.err = false, "", Header{}, nil
}

// Reset expects a new stream on another reader, as after STARTTLS. Bytes already read are dropped: look at Buffered before.
func (d *Decoder) Reset(r io.Reader) {
	d.release()
	d.Restart()
	d.r = r
}

// fail makes an error final and gives the buffer back.
func (d *Decoder) fail(err error) error {
	d.err = err
	d.release()
	return err
}

// drop forgets the element that was returned last.
func (d *Decoder) drop() {
	if d.w == nil || !d.w.complete {
		return
	}
	d.w.base += d.w.pos
	d.w.startElement()
}

// step goes on with the current element as far as the buffer reaches.
func (d *Decoder) step() (done bool, err error) {
	w := d.w
	if len(w.elems) == 0 {
		if err := d.toElement(); err != nil {
			return false, err
		}
	}
	done, err = w.element(w.raw(), &d.limits, &d.header)
	if err == nil && w.pos > d.limits.MaxStanza || err == errMore && len(w.raw()) > d.limits.MaxStanza {
		return false, violation(PolicyViolation, fmt.Sprintf("a stanza may have %d bytes", d.limits.MaxStanza))
	}
	return done, err
}

// toElement moves to the start of the next element, or finds the end of the stream.
func (d *Decoder) toElement() error {
	w := d.w
	w.skipSpace()
	raw := w.raw()
	switch {
	case len(raw) == 0:
		return errMore
	case raw[0] != '<':
		return violation(BadFormat, "text between stanzas")
	case len(raw) > 1 && raw[1] == '/':
		return d.streamEnd(raw)
	}
	return nil
}

func (d *Decoder) streamEnd(raw []byte) error {
	i := 2
	for i < len(raw) && i-2 < len(d.root) {
		if raw[i] != d.root[i-2] {
			return violation(NotWellFormed, "unexpected end tag")
		}
		i++
	}
	for i < len(raw) && isSpace(raw[i]) {
		i++
	}
	switch {
	case i > len(d.root)+1024:
		return violation(NotWellFormed, "unexpected end tag")
	case i >= len(raw):
		return errMore
	case raw[i] != '>':
		return violation(NotWellFormed, "unexpected end tag")
	}
	return ErrStreamEnd
}
