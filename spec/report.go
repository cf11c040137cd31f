package spec

import (
	"fmt"
	"strings"

	"quatrain/xmpp/stanza"
)

// Failure is a script that did not go as written: which line, what it expected, and everything that came instead.
type Failure struct {
	Name   string // the script's
	Line   int
	Action string          // such as "Romeo receives"
	Want   *stanza.Element // with the variables' values; nil if the action expects no stanza
	Came   []Arrival       // since the client's last match, in order
	Cause  error           // why there is nothing more to come: a time-out, a lost connection, a refused login
}

// Arrival is a stanza that came, and why it is not the expected one.
type Arrival struct {
	Stanza *stanza.Element
	Why    string // "" if there was nothing to compare it with
}

func (f *Failure) Unwrap() error { return f.Cause }

// Error is a report of several lines; the first is "name:line: action: cause".
func (f *Failure) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d: %s: %v\n", f.Name, f.Line, f.Action, f.Cause)
	if f.Want != nil {
		b.WriteString("  expected:\n")
		writeIndented(&b, f.Want, 2, "")
	}
	f.writeArrivals(&b)
	return strings.TrimRight(b.String(), "\n")
}

func (f *Failure) writeArrivals(b *strings.Builder) {
	switch {
	case len(f.Came) > 0:
		b.WriteString("  what came:\n")
	case f.Want != nil:
		b.WriteString("  nothing came\n")
	}
	for i, a := range f.Came {
		if a.Why != "" {
			fmt.Fprintf(b, "    # %d: %s\n", i+1, a.Why)
		}
		writeIndented(b, a.Stanza, 2, "")
	}
}

// writeIndented prints an element with one child a line. A namespace that the element around has, too, is left out.
func writeIndented(b *strings.Builder, e *stanza.Element, depth int, outerNS string) {
	indent := strings.Repeat("  ", depth)
	if len(e.Tags) == 0 {
		b.WriteString(indent + string(e.AppendXML(nil, outerNS)) + "\n")
		return
	}
	top := e.ShallowClone()
	if ns := e.NS(); ns == outerNS {
		top.DelAttr("xmlns")
	}
	b.WriteString(indent + top.TopTag() + "\n")
	for _, n := range e.Nodes {
		switch {
		case n.Element != nil:
			writeIndented(b, n.Element, depth+1, e.NS())
		case strings.TrimSpace(n.Text) != "":
			b.WriteString(indent + "  " + string(stanza.AppendText(nil, strings.TrimSpace(n.Text))) + "\n")
		}
	}
	b.WriteString(indent + "</" + e.Name + ">\n")
}

// shown is an expectation as it is reported: variables that have a value are replaced.
func shown(e *stanza.Element, v variables) *stanza.Element {
	c := e.Clone()
	showValues(c, v)
	return c
}

func showValues(e *stanza.Element, v variables) {
	attrs := e.Attrs[:0]
	for _, a := range e.Attrs {
		if isScansion(a.Name) {
			a.Name = "scansion:" + attrName(a.Name)
		}
		attrs = append(attrs, stanza.Attr{Name: a.Name, Value: v.show(a.Value)})
	}
	e.Attrs = attrs
	for i := range e.Nodes {
		if e.Nodes[i].Element != nil {
			showValues(e.Nodes[i].Element, v)
		} else {
			e.Nodes[i].Text = v.show(e.Nodes[i].Text)
		}
	}
}
