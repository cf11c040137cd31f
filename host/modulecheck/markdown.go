package modulecheck

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes the report as a table.
func (r *Report) Markdown(w io.Writer) error {
	var b strings.Builder
	b.WriteString("| module | state | on | remarks |\n|---|---|---|---|\n")
	for _, m := range r.Modules {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", m.Name, m.State, m.On, strings.Join(m.remarks(), "; "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// remarks are what is missing or odd, and the options that it had to be given.
func (m Module) remarks() (list []string) {
	if m.Needs != "" {
		at := ""
		if m.At != "" {
			at = " (" + m.At + ")"
		}
		list = append(list, cell(m.Needs+at))
	}
	if m.Beside {
		list = append(list, "beside the server's own plugins")
	}
	for _, w := range m.Warnings {
		list = append(list, cell(w.String()))
	}
	for _, g := range m.Given {
		list = append(list, "with option `"+g.Option+"`")
	}
	return list
}

// cell makes a text fit for a table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;", "*", `\*`, "_", `\_`).Replace(s)
}
