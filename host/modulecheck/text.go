package modulecheck

import (
	"fmt"
	"io"
	"strings"
)

// Text writes the report for people who look at a terminal.
func (r *Report) Text(w io.Writer) error {
	var b strings.Builder
	for _, m := range r.Modules {
		m.text(&b)
	}
	for _, f := range r.Broken {
		fmt.Fprintf(&b, "%s: does not parse: %s\n", f.File, f.Problem)
	}
	fmt.Fprintf(&b, "%d of %d modules load\n", r.Count(), len(r.Modules))
	_, err := io.WriteString(w, b.String())
	return err
}

func (m Module) text(b *strings.Builder) {
	fmt.Fprintf(b, "%-28s %s\n", m.Name, m.verdict())
	line := func(what string, list []string) {
		if len(list) > 0 {
			fmt.Fprintf(b, "    %-10s %s\n", what, strings.Join(list, ", "))
		}
	}
	for _, w := range m.Warnings {
		line("warning", []string{w.String()})
	}
	line("hooks", m.Hooks)
	line("stores", m.Stores)
	line("depends on", m.DependsOn)
	line("offers", m.Offers)
	line("given", m.given())
}

// verdict is the state with what belongs to it.
func (m Module) verdict() string {
	switch m.State {
	case Needs, Broken:
		text := string(m.State) + " " + m.Needs
		if m.State == Broken {
			text = string(m.State) + ": " + m.Needs
		}
		if m.At != "" {
			text += " (" + m.At + ")"
		}
		return text
	case Core:
		return string(m.State)
	}
	text := fmt.Sprintf("%s on: %s", m.State, m.On)
	if m.Beside {
		text += ", beside the server's own plugins"
	}
	return text
}

func (m Module) given() (list []string) {
	for _, g := range m.Given {
		list = append(list, fmt.Sprintf("%s = %v", g.Option, g.Value))
	}
	return list
}

func (w Warning) String() string {
	if w.At == "" {
		return w.Text
	}
	return w.At + ": " + w.Text
}
