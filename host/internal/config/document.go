package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// entry is one key of the document: the path of its table and its own, where it stands, and its value.
type entry struct {
	table []string // of the section it stands in
	key   []string // one name, or several with dots
	value any
	line  int
}

// heading is a [table] of the document.
type heading struct {
	path []string
	line int
}

// document is a TOML file as its lines.
type document struct {
	headings []heading
	entries  []entry
}

// readDocument reads TOML. The decoder checks what the grammar alone does not (keys given twice), the parser below it knows the lines.
func readDocument(name string, src []byte) (*document, error) {
	var all map[string]any
	if err := toml.Unmarshal(src, &all); err != nil {
		return nil, syntaxError(name, err)
	}
	r := &reader{src: src}
	r.p.Reset(src)
	for r.p.NextExpression() {
		if err := r.expression(r.p.Expression()); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, r.line, err)
		}
	}
	if err := r.p.Error(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &r.doc, nil
}

func syntaxError(name string, err error) error {
	text := strings.TrimPrefix(err.Error(), "toml: ")
	var d *toml.DecodeError
	if errors.As(err, &d) {
		line, _ := d.Position()
		return fmt.Errorf("%s:%d: %s", name, line, text)
	}
	return fmt.Errorf("%s: %s", name, text)
}

type reader struct {
	p    unstable.Parser
	src  []byte
	doc  document
	path []string
	line int
	seen int // bytes of src up to line
}

func (r *reader) expression(n *unstable.Node) error {
	switch n.Kind {
	case unstable.Table:
		r.path = r.names(n)
		r.doc.headings = append(r.doc.headings, heading{r.path, r.line})
		return nil
	case unstable.ArrayTable:
		r.names(n)
		return errors.New("tables in double brackets are not used here; write a list of { … } tables")
	}
	key := r.names(n)
	line := r.line
	v, err := decodeValue(n.Value())
	if err != nil {
		return fmt.Errorf("%s: %w", strings.Join(key, "."), err)
	}
	r.doc.entries = append(r.doc.entries, entry{r.path, key, v, line})
	return nil
}

// names are the parts of a key, whose line becomes the current one.
func (r *reader) names(n *unstable.Node) (names []string) {
	for it := n.Key(); it.Next(); {
		k := it.Node()
		if len(names) == 0 {
			at := int(k.Raw.Offset)
			r.line += bytes.Count(r.src[r.seen:at], []byte("\n"))
			if r.seen == 0 {
				r.line++
			}
			r.seen = max(at, 1)
		}
		names = append(names, string(k.Data))
	}
	return names
}
