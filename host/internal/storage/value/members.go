package value

import (
	"slices"
	"strings"

	"quatrain/sdk"
)

// Members are the text of a table with names, entry by entry: one of many changes without encoding the others. Not safe for concurrent use.
type Members struct {
	names []string // sorted
	texts []string // "name":value, in the order of names
	bytes int      // of texts
}

// MembersOf are those of a stored text; ok is false if it is no JSON object whose keys are all names.
func MembersOf(r Row) (m *Members, ok bool) {
	if r.Type != TypeJSON {
		return nil, false
	}
	v, err := ParseJSON(r.Text)
	t, isTable := v.(sdk.Data)
	if err != nil || !isTable {
		return nil, false
	}
	m = NewMembers()
	for k, e := range t {
		name, isName := k.(string)
		if !isName || !m.fits(name) {
			return nil, false
		}
		text, err := memberText(name, e)
		if err != nil {
			return nil, false
		}
		m.put(name, text)
	}
	return m, true
}

// NewMembers are those of an empty table.
func NewMembers() *Members { return &Members{} }

// fits tells whether a name stands for itself in JSON.
func (m *Members) fits(name string) bool { return !special(name) }

// Fit tells whether all names of a change stand for themselves in JSON.
func (m *Members) Fit(entries map[string]any) bool {
	for name := range entries {
		if !m.fits(name) {
			return false
		}
	}
	return true
}

// MemberTexts are entries as Members keep them, by name; "" is for one that goes.
type MemberTexts map[string]string

// EncodeMembers are the texts of entries, which need not be canonical; nil is for one that goes.
func EncodeMembers(entries map[string]any) (MemberTexts, error) {
	texts := make(MemberTexts, len(entries))
	for name, v := range entries {
		text, err := memberText(name, v)
		if err != nil {
			return nil, err
		}
		texts[name] = text
	}
	return texts, nil
}

func memberText(name string, v any) (string, error) {
	if v == nil {
		return "", nil
	}
	c, err := Canonical(v)
	if err != nil {
		return "", err
	}
	text, err := AppendJSON(append(appendString(nil, name), ':'), c)
	return string(text), err
}

// Put writes entries; those that go are removed.
func (m *Members) Put(texts MemberTexts) {
	for name, text := range texts {
		m.put(name, text)
	}
}

// put writes the text of an entry; "" removes it.
func (m *Members) put(name, text string) {
	i, found := slices.BinarySearch(m.names, name)
	if !found && text == "" {
		return
	}
	if !found {
		m.names = slices.Insert(m.names, i, strings.Clone(name))
		m.texts = slices.Insert(m.texts, i, "")
	}
	m.bytes += len(text) - len(m.texts[i])
	m.texts[i] = text
	if text == "" {
		m.names = slices.Delete(m.names, i, i+1)
		m.texts = slices.Delete(m.texts, i, i+1)
	}
}

// Text is the table as AppendJSON writes it.
func (m *Members) Text() string {
	var text strings.Builder
	text.Grow(m.bytes + len(m.texts) + 2)
	text.WriteByte('{')
	for i, entry := range m.texts {
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteString(entry)
	}
	text.WriteByte('}')
	return text.String()
}
