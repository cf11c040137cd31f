package value

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// ParseXML reads an element that Element.String or Prosody printed.
func ParseXML(text string) (*stanza.Element, error) {
	e, err := xmlstream.ParseElement([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("damaged xml: %w", err)
	}
	return e, nil
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
	slices.SortFunc(e.Attrs, compareAttrs)
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

// compareAttrs puts the namespace first, as it is usually written, and the rest in the order of names.
func compareAttrs(a, b stanza.Attr) int {
	switch {
	case a.Name == "xmlns":
		return -1
	case b.Name == "xmlns":
		return 1
	}
	return strings.Compare(a.Name, b.Name)
}

// attrName undoes what Prosody does to the separator in names of attributes with a namespace when it saves them.
func attrName(k string) string {
	if i := strings.LastIndexByte(k, '|'); i > 0 {
		return k[:i] + "\x01" + k[i+1:]
	}
	return k
}
