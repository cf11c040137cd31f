package modulecheck

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
)

// checked is the report on testdata/modules.
func checked(t *testing.T) *Report {
	t.Helper()
	c := Checker{
		Options:  host.Options{Plugins: plugins.FS, Library: lua.FS},
		Services: []Service{{Name: "quiet", Plugin: "iq", Events: "quiet-"}},
		Patience: 500 * time.Millisecond,
	}
	r, err := c.Check(t.Context(), []string{"testdata/modules"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCheck(t *testing.T) {
	want := map[string]Module{
		"plain":         {State: Loads, On: "host", Hooks: []string{"iq-get/host/urn:example:plain:query"}, Stores: []string{"things"}, DependsOn: []string{"disco"}, Offers: []string{"example-provider", "feature"}},
		"nested":        {State: Loads, On: "global"},
		"folder":        {State: Loads, On: "component"},
		"service":       {State: Loads, On: "quiet", Hooks: []string{"quiet-event"}},
		"parts":         {State: Warnings, On: "host", Hooks: []string{"resource-bind"}, Warnings: []Warning{{"part.lib.lua:2", `the library "util.jid" has no function "no_such_thing"`}}},
		"library":       {State: Needs, Needs: `library "util.magic"`, At: "mod_library.lua:2"},
		"feature":       {State: Needs, Needs: `feature "mind-reading"`},
		"dependent":     {State: Needs, Needs: `module "no_such_module"`, At: "mod_dependent.lua:1"},
		"loop":          {State: Needs, Needs: "time budget of 500ms exceeded", At: "mod_loop.lua:1"},
		"newer":         {State: Broken, Needs: "mod_newer.lua:1: syntax error near '/' (integer division (//) is Lua 5.3; this is Lua 5.1 with additions)"},
		"option":        {State: Loads, On: "host", Given: []Given{{"example_secret", "sample"}}},
		"silent_option": {State: Needs, Needs: "option silent_secret (attempt to get length of a nil value (local 'secret'))", At: "mod_silent_option.lua:2"},
		"iq":            {State: Core},
		"port":          {State: Loads, On: "host"}, // that it cannot listen is not its fault
		"adhoc":         {State: Needs, Needs: "this one is too old", At: "mod_adhoc.lua:1"},
		"command":       {State: Loads, On: "host", Beside: true, DependsOn: []string{"adhoc"}},
		"later": {State: Warnings, On: "host", Hooks: []string{"message/bare"}, Warnings: []Warning{
			{"mod_later.lua:4", `there is no library "util.magic"`},
			{"mod_later.lua:2", `module has no method "no_such_method"`},
			{"", "this is odd"},
			{"mod_later.lua:7", "a Lua script reads a global that nobody defined: undefined_other"},
		}},
	}
	for _, got := range checked(t).Modules {
		t.Run(got.Name, func(t *testing.T) {
			wanted := want[got.Name]
			wanted.Name, wanted.File = got.Name, got.File
			if g, w := asJSON(t, got), asJSON(t, wanted); g != w {
				t.Errorf("got  %s\nwant %s", g, w)
			}
		})
		delete(want, got.Name)
	}
	for name := range want {
		t.Errorf("%s was not found", name)
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestBadFiles(t *testing.T) {
	var problems []string
	for _, f := range checked(t).Broken {
		problems = append(problems, f.Problem)
	}
	want := []string{
		"mod_newer.lua:1: syntax error near '/' (integer division (//) is Lua 5.3; this is Lua 5.1 with additions)",
		"stray.lib.lua:1: syntax error near '<' (attributes of variables (<const>, <close>) are Lua 5.4; this is Lua 5.1 with additions)",
	}
	if !slices.Equal(problems, want) {
		t.Errorf("got %q, want %q", problems, want)
	}
}

func TestUnreadableDirectory(t *testing.T) {
	var c Checker
	if _, err := c.Check(t.Context(), []string{"testdata/nowhere"}); err == nil || !strings.Contains(err.Error(), "testdata/nowhere") {
		t.Errorf("got %v, want an error that names the directory", err)
	}
}

func TestFormats(t *testing.T) {
	r := &Report{
		Modules: []Module{
			{Name: "a_b", State: Loads, On: "host", Hooks: []string{"x"}, Given: []Given{{"secret", "sample"}}},
			{Name: "c", State: Needs, Needs: "library \"d|e\"", At: "mod_c.lua:1"},
			{Name: "f", State: Warnings, On: "global", Warnings: []Warning{{"mod_f.lua:2", "odd"}}},
		},
		Broken: []BadFile{{File: "/x/y.lua", Problem: "y.lua:1: bad"}},
	}
	var text, markdown bytes.Buffer
	if err := r.Text(&text); err != nil {
		t.Fatal(err)
	}
	if err := r.Markdown(&markdown); err != nil {
		t.Fatal(err)
	}
	wantText := `a_b                          loads on: host
    hooks      x
    given      secret = sample
c                            needs library "d|e" (mod_c.lua:1)
f                            loads with warnings on: global
    warning    mod_f.lua:2: odd
/x/y.lua: does not parse: y.lua:1: bad
2 of 3 modules load
`
	wantMarkdown := "| module | state | on | remarks |\n|---|---|---|---|\n" +
		"| `a_b` | loads | host | with option `secret` |\n" +
		"| `c` | needs |  | library \"d\\|e\" (mod\\_c.lua:1) |\n" +
		"| `f` | loads with warnings | global | mod\\_f.lua:2: odd |\n"
	if text.String() != wantText {
		t.Errorf("got\n%s\nwant\n%s", text.String(), wantText)
	}
	if markdown.String() != wantMarkdown {
		t.Errorf("got\n%s\nwant\n%s", markdown.String(), wantMarkdown)
	}
}
