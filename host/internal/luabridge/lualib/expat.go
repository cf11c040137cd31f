package lualib

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// expatReader reads a document that comes in pieces, and tells what is in it as the library Expat does.
type expatReader struct {
	// separator stands between a namespace and a name; without one names are as written.
	separator  string
	namespaced bool
	tell       expatEvents

	data     []byte // what has come and has not been told
	before   int    // bytes told
	line     int    // lines told
	column   int    // bytes told of the current line
	current  int    // bytes of what is being told
	open     []expatElement
	seen     bool // the root element has begun
	ended    bool // no more comes
	stopped  bool
	mistakes error
}

// expatElement is an element that has begun. prefixes are those that it declares, with their namespaces.
type expatElement struct {
	written, name string
	prefixes      []expatAttribute
}

type expatAttribute struct{ name, value string }

// expatEvents is who is told. Text between two other events may come in several parts.
type expatEvents interface {
	start(name string, attributes []expatAttribute)
	end(name string)
	text(s string)
	comment(s string)
	instruction(target, data string)
	namespace(prefix, uri string, begins bool)
	declaration(version, encoding string)
	doctype(text string)
}

var (
	errExpatSyntax   = errors.New("syntax error")
	errExpatMismatch = errors.New("mismatched tag")
	errExpatJunk     = errors.New("junk after document element")
	errExpatNothing  = errors.New("no element found")
	errExpatUnclosed = errors.New("unclosed token")
	errExpatPrefix   = errors.New("unbound prefix")
	errExpatTwice    = errors.New("duplicate attribute")
	errExpatOver     = errors.New("parsing finished")
	errExpatStopped  = errors.New("parsing aborted")
)

// feed takes a piece; last says that it is the end.
func (r *expatReader) feed(piece string, last bool) error {
	if r.mistakes == nil {
		r.mistakes = r.read(piece, last)
	}
	return r.mistakes
}

func (r *expatReader) read(piece string, last bool) error {
	if r.ended {
		return errExpatOver
	}
	r.data, r.ended = append(r.data, piece...), last
	part := r.data
	if !last {
		part = part[:settled(part)]
	}
	d := xml.NewDecoder(bytes.NewReader(part))
	var told int64
	for !r.stopped {
		token, err := d.RawToken()
		if err == io.EOF || incomplete(err) && !last {
			break
		}
		if err == nil {
			r.current = int(d.InputOffset() - told)
			err = r.token(token)
		}
		if err != nil {
			if err == errExpatMismatch {
				told += int64(len("</"))
			}
			r.advance(int(told))
			return plainly(err)
		}
		told = d.InputOffset()
	}
	r.advance(int(told))
	switch {
	case r.stopped:
		return errExpatStopped
	case last && (!r.seen || len(r.open) > 0):
		return errExpatNothing
	}
	return nil
}

// settled is how much of the data does not depend on what comes: text is kept back from an entity that has only begun.
func settled(data []byte) int {
	tail := bytes.LastIndexAny(data, "<>") + 1
	if entity := bytes.LastIndexByte(data[tail:], '&'); entity >= 0 && bytes.IndexByte(data[tail+entity:], ';') < 0 {
		return tail + entity
	}
	return len(data)
}

func incomplete(err error) bool {
	var e *xml.SyntaxError
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &e) && e.Msg == "unexpected EOF"
}

// plainly is a decoder's error in Expat's words.
func plainly(err error) error {
	var e *xml.SyntaxError
	switch {
	case incomplete(err):
		return errExpatUnclosed
	case errors.As(err, &e):
		return errExpatSyntax
	}
	return err
}

func (r *expatReader) advance(n int) {
	told := r.data[:n]
	if at := bytes.LastIndexByte(told, '\n'); at >= 0 {
		r.line += bytes.Count(told, []byte("\n"))
		r.column = n - at - 1
	} else {
		r.column += n
	}
	r.before += n
	r.data = r.data[n:]
}

func (r *expatReader) token(token xml.Token) error {
	switch token := token.(type) {
	case xml.StartElement:
		return r.start(token)
	case xml.EndElement:
		return r.end(token)
	case xml.CharData:
		if len(r.open) > 0 {
			r.tell.text(string(token))
		} else if len(bytes.TrimSpace(token)) > 0 {
			return r.outside()
		}
	case xml.Comment:
		r.tell.comment(string(token))
	case xml.ProcInst:
		if token.Target == "xml" {
			r.tell.declaration(pseudoAttribute(token.Inst, "version"), pseudoAttribute(token.Inst, "encoding"))
		} else {
			r.tell.instruction(token.Target, string(token.Inst))
		}
	case xml.Directive:
		r.tell.doctype(string(token))
	}
	return nil
}

// outside is what is wrong with something before or after the root element.
func (r *expatReader) outside() error {
	if r.seen {
		return errExpatJunk
	}
	return errExpatSyntax
}

func (r *expatReader) start(token xml.StartElement) error {
	if len(r.open) == 0 && r.seen {
		return errExpatJunk
	}
	e := expatElement{written: written(token.Name)}
	var plain []xml.Attr
	for _, a := range token.Attr {
		switch {
		case r.namespaced && a.Name.Space == "" && a.Name.Local == "xmlns":
			e.prefixes = append(e.prefixes, expatAttribute{"", a.Value})
			r.tell.namespace("", a.Value, true)
		case r.namespaced && a.Name.Space == "xmlns":
			e.prefixes = append(e.prefixes, expatAttribute{a.Name.Local, a.Value})
			r.tell.namespace(a.Name.Local, a.Value, true)
		default:
			plain = append(plain, a)
		}
	}
	r.open, r.seen = append(r.open, e), true
	name, err := r.name(token.Name, true)
	if err != nil {
		return err
	}
	r.open[len(r.open)-1].name = name
	attributes, err := r.attributes(plain)
	if err != nil {
		return err
	}
	r.tell.start(name, attributes)
	return nil
}

func (r *expatReader) attributes(plain []xml.Attr) (attributes []expatAttribute, err error) {
	known := map[string]bool{}
	for _, a := range plain {
		name, err := r.name(a.Name, false)
		if err != nil {
			return nil, err
		}
		if known[name] {
			return nil, errExpatTwice
		}
		known[name] = true
		attributes = append(attributes, expatAttribute{name, a.Value})
	}
	return attributes, nil
}

func (r *expatReader) end(token xml.EndElement) error {
	last := len(r.open) - 1
	if last < 0 {
		return r.outside()
	}
	e := r.open[last]
	if written(token.Name) != e.written {
		return errExpatMismatch
	}
	r.open = r.open[:last]
	r.tell.end(e.name)
	for _, declared := range slices.Backward(e.prefixes) {
		r.tell.namespace(declared.name, declared.value, false)
	}
	return nil
}

func written(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// name is a name with its namespace. The default one is for elements only.
func (r *expatReader) name(n xml.Name, element bool) (string, error) {
	if !r.namespaced {
		return written(n), nil
	}
	if n.Space == "" && !element {
		return n.Local, nil
	}
	if n.Space == "xml" {
		return "http://www.w3.org/XML/1998/namespace" + r.separator + n.Local, nil
	}
	uri, found := r.lookup(n.Space)
	switch {
	case uri != "":
		return uri + r.separator + n.Local, nil
	case !found && n.Space != "":
		return "", errExpatPrefix
	}
	return n.Local, nil
}

// lookup is the namespace that a prefix has in the innermost open element.
func (r *expatReader) lookup(prefix string) (uri string, found bool) {
	for _, e := range slices.Backward(r.open) {
		for _, declared := range e.prefixes {
			if declared.name == prefix {
				return declared.value, true
			}
		}
	}
	return "", false
}

// pseudoAttribute is version or encoding of an XML declaration, "" if it is not said.
func pseudoAttribute(declaration []byte, name string) string {
	_, rest, found := strings.Cut(string(declaration), name)
	rest = strings.TrimLeft(rest, " \t\r\n=")
	if !found || rest == "" {
		return ""
	}
	value, _, _ := strings.Cut(rest[1:], rest[:1])
	return value
}
