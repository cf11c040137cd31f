package value

import (
	"slices"
	"strings"

	"quatrain/sdk"
)

// Members are the text of a table with names, entry by entry: one of many changes without encoding the others. Not safe for concurrent use.
type Members struct {
	names []string          // sorted
	texts map[string]string // by name, as JSON
	bytes int               // of names and texts
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
		if !isName || !m.fits(name) || m.Put(name, e) != nil {
			return nil, false
		}
	}
	return m, true
}

// NewMembers are those of an empty table.
func NewMembers() *Members { return &Members{texts: map[string]string{}} }

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

// Put writes an entry, which need not be canonical; nil removes it.
func (m *Members) Put(name string, v any) error {
	text := ""
	if v != nil {
		c, err := Canonical(v)
		if err != nil {
			return err
		}
		encoded, err := AppendJSON(nil, c)
		if err != nil {
			return err
		}
		text = string(encoded)
	}
	m.put(name, text)
	return nil
}

func (m *Members) put(name, text string) {
	i, found := slices.BinarySearch(m.names, name)
	if found {
		m.bytes -= len(name) + len(m.texts[name])
	}
	switch {
	case text != "":
		if !found {
			m.names = slices.Insert(m.names, i, strings.Clone(name))
		}
		m.texts[m.names[i]] = text
		m.bytes += len(name) + len(text)
	case found:
		m.names = slices.Delete(m.names, i, i+1)
		delete(m.texts, name)
	}
}

// Text is the table as AppendJSON writes it.
func (m *Members) Text() string {
	text := make([]byte, 0, m.bytes+4*len(m.names)+2)
	text = append(text, '{')
	for i, name := range m.names {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(append(appendString(text, name), ':'), m.texts[name]...)
	}
	return string(append(text, '}'))
}

// Bytes is about what the members take in memory.
func (m *Members) Bytes() int { return 2*m.bytes + 64*len(m.names) }
