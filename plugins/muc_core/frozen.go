package muccore

import (
	"slices"
	"strings"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// freezeStanza is a stanza as a table that can be stored, in the shape of Prosody's preserialize.
func freezeStanza(e *stanza.Element) sdk.Data {
	attrs := make(sdk.Data, len(e.Attrs))
	for _, a := range e.Attrs {
		attrs[a.Name] = a.Value
	}
	t := sdk.Data{"name": e.Name, "attr": attrs}
	for i, n := range e.Nodes {
		if n.Element != nil {
			t[float64(i+1)] = freezeStanza(n.Element)
		} else {
			t[float64(i+1)] = n.Text
		}
	}
	return t
}

// thawStanza is the inverse; false if the value is not quite a stanza.
func thawStanza(v any) (*stanza.Element, bool) {
	t, ok := stored(v)
	name, _ := t["name"].(string)
	attrs, hasAttrs := stored(t["attr"])
	if !ok || !isName(name) || t["attr"] != nil && !hasAttrs {
		return nil, false
	}
	e := stanza.New(name, "")
	if !thawAttrs(e, attrs) {
		return nil, false
	}
	for i := 1; t[float64(i)] != nil; i++ {
		if !thawNode(e, t[float64(i)]) {
			return nil, false
		}
	}
	return e, true
}

func thawNode(e *stanza.Element, v any) bool {
	switch v := v.(type) {
	case string:
		e.AddText(v)
		return stanza.ValidText(v)
	case float64:
		e.AddText(numberText(v))
		return true
	}
	child, ok := thawStanza(v)
	if ok {
		e.AddChild(child)
	}
	return ok
}

func thawAttrs(e *stanza.Element, attrs sdk.Data) bool {
	for k, v := range attrs {
		name, isText := k.(string)
		value, hasValue := v.(string)
		if n, ok := v.(float64); ok {
			value, hasValue = numberText(n), true
		}
		ns, local := cutAttrName(name)
		if !isText || !hasValue || !isName(local) || !stanza.ValidText(ns) || !stanza.ValidText(value) {
			return false
		}
		if ns != "" {
			name = ns + "\x01" + local
		}
		e.Attrs = append(e.Attrs, stanza.Attr{Name: name, Value: value})
	}
	slices.SortFunc(e.Attrs, compareAttrs)
	return true
}

// cutAttrName divides the name of an attribute with a namespace, whose separator Prosody writes as "|".
func cutAttrName(name string) (ns, local string) {
	if i := strings.LastIndexAny(name, "|\x01"); i > 0 {
		return name[:i], name[i+1:]
	}
	return "", name
}

func compareAttrs(a, b stanza.Attr) int {
	switch {
	case a.Name == "xmlns":
		return -1
	case b.Name == "xmlns":
		return 1
	}
	return strings.Compare(a.Name, b.Name)
}

func isName(name string) bool {
	return name != "" && stanza.ValidText(name) && !strings.ContainsAny(name, " \t\r\n<>&'\"=/!?") && strings.IndexByte("-.0123456789", name[0]) < 0
}
