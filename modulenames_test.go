package quatrain

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// words are names of modules that mean something else as well, or that the server knows for a reason of its own.
var words = map[string]string{
	"auth_anonymous":       "a plugin in the server",
	"auth_internal_hashed": "a plugin in the server",
	"broadcast":            "a method of a module",
	"c2s":                  "a type of session",
	"component":            "a type of host and of session",
	"cron":                 "the plugin that a module's timers of days and hours need",
	"disco":                "a plugin that nearly every host has",
	"groups":               "a field of a roster's items",
	"http":                 "a scheme, a kind of what modules provide",
	"iq":                   "a kind of stanza",
	"limits":               "a part of the server",
	"message":              "a kind of stanza",
	"offline":              "a plugin in the server, and where its messages are stored",
	"ping":                 "a method of connections to databases",
	"posix":                "a platform",
	"presence":             "a kind of stanza",
	"private":              "a kind of key, and of address",
	"register":             "a feature of streams",
	"roster":               "a field of a session",
	"s2s":                  "a type of session",
	"saslauth":             "a plugin in the server",
	"server":               "a plugin in the server",
	"time":                 "a package of Go",
	"tls":                  "a plugin in the server",
	"unknown":              "a word",
	"vcard":                "Prosody's module manager leaves it out beside vcard_legacy, too",
	"vcard_legacy":         "Prosody's module manager leaves out vcard beside it, too",
	"version":              "a field",
	"websocket":            "a protocol",
}

// TestNoModuleIsSpecial keeps the names of the modules in Debian's packages prosody and prosody-modules out of what runs them: they work because
// the module API is as they expect it, and not because somebody thought of them.
func TestNoModuleIsSpecial(t *testing.T) {
	text, err := os.ReadFile("testdata/module_names.txt")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, name := range strings.Fields(string(text)) {
		names[name] = words[name] == ""
	}
	if len(names) < 150 {
		t.Fatalf("only %d names of modules", len(names))
	}
	found := 0
	for _, s := range readSources(t) {
		if !s.test && below(s.dir, "host", "sdk") {
			found += refuseNames(t, names, s.path, goStrings(t, s.path))
		}
	}
	err = filepath.WalkDir("lua", func(p string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(p, ".lua") && !below(filepath.ToSlash(p), "lua/test") {
			found += refuseNames(t, names, p, luaStrings(t, p))
		}
		return err
	})
	if err != nil || found < 1000 {
		t.Errorf("looked at %d strings (%v)", found, err)
	}
}

// literal is a string in a source, with its line.
type literal struct {
	line int
	text string
}

func refuseNames(t *testing.T, names map[string]bool, file string, literals []literal) int {
	t.Helper()
	for _, l := range literals {
		if names[strings.TrimPrefix(l.text, "mod_")] {
			t.Errorf("%s:%d: %q is the name of a module: what runs modules knows none of them", file, l.line, l.text)
		}
	}
	return len(literals)
}

// goStrings are the strings of a file of Go, without what it imports.
func goStrings(t *testing.T, file string) (list []literal) {
	t.Helper()
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, filepath.FromSlash(file), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if _, ok := n.(*ast.ImportSpec); ok {
			return false
		}
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			text, err := strconv.Unquote(l.Value)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, literal{set.Position(l.Pos()).Line, text})
		}
		return true
	})
	return list
}

var luaString = regexp.MustCompile(`"([^"\\]*)"|'([^'\\]*)'`)

// luaStrings are the short strings of a file of Lua.
func luaStrings(t *testing.T, file string) (list []literal) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(text), "\n") {
		line, _, _ = strings.Cut(line, "--")
		for _, found := range luaString.FindAllStringSubmatch(line, -1) {
			list = append(list, literal{i + 1, found[1] + found[2]})
		}
	}
	return list
}

// TestNamesAreFound shows that a name in either language would be.
func TestNamesAreFound(t *testing.T) {
	dir := t.TempDir()
	for name, code := range map[string]string{
		"a.go":  "package a\nimport \"carbons\"\nvar x = []string{`mam`, \"a\" + \"pep\"} // \"smacks\"",
		"a.lua": "local x = { 'mam', f \"pep\" } -- \"smacks\"",
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(code), 0o600); err != nil {
			t.Fatal(err)
		}
		read := goStrings
		if strings.HasSuffix(name, ".lua") {
			read = luaStrings
		}
		var got []string
		for _, l := range read(t, file) {
			got = append(got, l.text)
		}
		if all := strings.Join(got, " "); !strings.Contains(all, "mam") || !strings.Contains(all, "pep") || strings.Contains(all, "smacks") || strings.Contains(all, "carbons") {
			t.Errorf("%s: %s", name, all)
		}
	}
}
