package value

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// ParseXML reads an element that Element.String or Prosody printed.
func ParseXML(text string) (*stanza.Element, error) {
	d := xml.NewDecoder(strings.NewReader(text))
	var stack []*stanza.Element
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil, errors.New("damaged xml: no element")
		}
		if err != nil {
			return nil, fmt.Errorf("damaged xml: %w", err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			stack = append(stack, stanza.New(tok.Name.Local, tok.Name.Space, attrs(tok.Attr)...))
		case xml.CharData:
			if len(stack) > 0 {
				stack[len(stack)-1].AddText(string(tok))
			}
		case xml.EndElement:
			e := stack[len(stack)-1]
			if stack = stack[:len(stack)-1]; len(stack) == 0 {
				return e, nil
			}
			stack[len(stack)-1].AddChild(e)
		}
	}
}

func attrs(list []xml.Attr) (pairs []string) {
	for _, a := range list {
		switch {
		case a.Name.Local == "xmlns" || a.Name.Space == "xmlns":
			continue
		case a.Name.Space == stanza.NSXML || a.Name.Space == "xml":
			a.Name.Local = "xml:" + a.Name.Local
		case a.Name.Space != "":
			a.Name.Local = a.Name.Space + "\x01" + a.Name.Local
		}
		pairs = append(pairs, a.Name.Local, a.Value)
	}
	return pairs
}

// Stanza is a decoded value as an element: an element, or the table that Prosody makes of one (its fields name, attr and the children
// in the list part).
func Stanza(v any) (*stanza.Element, error) {
	if e, ok := v.(*stanza.Element); ok {
		return e, nil
	}
	t, ok := v.(sdk.Data)
	name, _ := t["name"].(string)
	if !ok || name == "" {
		return nil, errors.New("damaged: not a stanza")
	}
	e := &stanza.Element{Name: name}
	attr, _ := t["attr"].(sdk.Data)
	for k, v := range attr {
		if k, ok := k.(string); ok {
			e.Attrs = append(e.Attrs, stanza.Attr{Name: attrName(k), Value: fmt.Sprint(v)})
		}
	}
	slices.SortFunc(e.Attrs, func(a, b stanza.Attr) int { return strings.Compare(a.Name, b.Name) })
	for i := range sequence(t) {
		if text, ok := t[float64(i+1)].(string); ok {
			e.AddText(text)
			continue
		}
		c, err := Stanza(t[float64(i+1)])
		if err != nil {
			return nil, err
		}
		e.AddChild(c)
	}
	return e, nil
}

// attrName undoes what Prosody does to the separator in names of attributes with a namespace when it saves them.
func attrName(k string) string {
	if i := strings.LastIndexByte(k, '|'); i > 0 {
		return k[:i] + "\x01" + k[i+1:]
	}
	return k
}
