package config

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

const dashes = "\n----------\n"

// builtin is what tests pretend the server loads unasked.
var builtin = []string{"presence", "iq", "offline"}

// TestGolden reads each file's first part and compares what it says, or what is wrong with it, with the second.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/golden/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { golden(t, file) })
	}
}

func golden(t *testing.T, file string) {
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	input, want, ok := strings.Cut(string(src), dashes)
	if !ok {
		t.Fatal("no line of dashes")
	}
	got := outcome(input)
	if *update {
		if err := os.WriteFile(file, []byte(input+dashes+got), 0o600); err != nil {
			t.Fatal(err)
		}
	} else if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func outcome(input string) string {
	c, err := Parse("plugins.toml", []byte(input), os.DirFS("testdata/plugins"))
	if err != nil {
		return err.Error() + "\n"
	}
	var b strings.Builder
	for _, h := range c.Hosts() {
		fmt.Fprintf(&b, "%s %s line %d plugin %q enabled %v modules %v\n", h.Type, h.Name, h.Line, h.Plugin, h.Enabled, c.Modules(h.Name, builtin))
		fmt.Fprintf(&b, "  %v\n", c.values(h.Name))
	}
	fmt.Fprintf(&b, "global %v\n", c.values(Global))
	for _, name := range []string{"rooms", "echo", "my_bot"} {
		p := c.Plugin(name)
		fmt.Fprintf(&b, "plugin %s runtime %q command %q sum %x on_error %d isolate %v line %d\n", p.Name, p.Runtime, p.Command, p.SHA256, p.OnError, p.Isolate, p.Line)
	}
	for _, w := range c.Warnings() {
		fmt.Fprintln(&b, "warning", w)
	}
	return b.String()
}

func (c *Config) values(host string) map[string]any {
	values := map[string]any{}
	for name, o := range c.sections[host] {
		values[name] = o.value
	}
	return values
}
