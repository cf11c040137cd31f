package quatrain

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is one Go file and what it imports.
type source struct {
	path    string // slash-separated, from the module's root
	dir     string
	imports []string // as written
	test    bool
}

// rule says about the packages below some folders what they must not import.
type rule struct {
	name   string
	reason string
	who    []string // folders it is about
	except []string // folders below those that it is not about
	// forbids is asked for each import; ours is the path within the module, "" for others' packages.
	forbids func(s source, path, ours string) bool
	tests   bool // whether it holds for _test.go files, too
}

// rules are which package may import which, and why. The sources are read here, because "go list" in a test is hidden by go's test cache.
var rules = []rule{
	{
		name:   "xmpp imports nothing of ours",
		reason: "it is the vocabulary of all other packages, and useful without them",
		who:    []string{"xmpp"},
		forbids: func(_ source, _, ours string) bool {
			return ours != "" && !below(ours, "xmpp")
		},
		tests: true,
	},
	{
		name:   "sdk imports only xmpp",
		reason: "a plugin API that drags in its host cannot be kept by third parties",
		who:    []string{"sdk"},
		forbids: func(_ source, _, ours string) bool {
			return ours != "" && !below(ours, "sdk", "xmpp")
		},
		tests: true,
	},
	{
		name:   "the bridges see only sdk and xmpp",
		reason: "they translate the one contract and decide nothing; what they need of the host is in sdk.Module",
		who:    []string{"host/internal/luabridge", "host/internal/procbridge"},
		forbids: func(s source, _, ours string) bool {
			return ours != "" && !below(ours, "sdk", "xmpp", bridgeOf(s.dir))
		},
	},
	{
		name:   "plugins see only sdk, xmpp and other plugins' contracts",
		reason: "a shipped plugin is what third parties can write, so it gets no private door",
		who:    []string{"plugins"},
		forbids: func(s source, _, ours string) bool {
			return ours != "" && !below(ours, "sdk", "xmpp", pluginOf(s.dir)) && !isContract(ours)
		},
	},
	{
		name:   "only cmd links plugins",
		reason: "the host loads plugins through their contract and knows none of them by name",
		who:    []string{"."},
		except: []string{"cmd", "plugins"},
		forbids: func(_ source, _, ours string) bool {
			return below(ours, "plugins")
		},
	},
	{
		name:   "lua holds scripts",
		reason: "what Lua modules can require stands in Lua files; the one Go file embeds them",
		who:    []string{"lua"},
		forbids: func(_ source, _, ours string) bool {
			return ours != ""
		},
	},
	{
		name:   "spec knows no host",
		reason: "scripts are to be played against any server; the in-process one is handed in as a Dialer",
		who:    []string{"spec"},
		forbids: func(_ source, _, ours string) bool {
			return ours != "" && !below(ours, "spec", "xmpp")
		},
		tests: true,
	},
	{
		name:   "nobody imports cmd",
		reason: "the commands are the composition root: what others need belongs into a package below host",
		who:    []string{"."},
		except: []string{"cmd"},
		forbids: func(_ source, _, ours string) bool {
			return below(ours, "cmd")
		},
		tests: true,
	},
	{
		name:   "gopher-lua stays in luabridge",
		reason: "the stock interpreter runs module code wrongly; only the compatibility layer may touch it",
		who:    []string{"."},
		except: []string{"host/internal/luabridge"},
		forbids: func(_ source, path, _ string) bool {
			return below(path, "github.com/yuin/gopher-lua")
		},
		tests: true,
	},
	{
		name:   "go-plugin and gRPC stay with the process plugins",
		reason: "the wire is one adapter of the contract and can be replaced as long as nothing else speaks it",
		who:    []string{"."},
		except: []string{"sdk/wire", "sdk/serve", "sdk/sdktest", "host/internal/procbridge"},
		forbids: func(_ source, path, _ string) bool {
			return below(path, "github.com/hashicorp/go-plugin", "google.golang.org/grpc")
		},
		tests: true,
	},
}

func TestImportRules(t *testing.T) {
	sources := readSources(t)
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			for _, s := range sources {
				if s.test && !r.tests || !below(s.dir, r.who...) || below(s.dir, r.except...) {
					continue
				}
				for _, imported := range s.imports {
					if r.forbids(s, imported, ours(imported)) {
						t.Errorf("%s imports %q\nrule: %s\nreason: %s", s.path, imported, r.name, r.reason)
					}
				}
			}
		})
	}
}

// TestCoreKnowsNoRooms keeps rooms a matter of plugins: neither the host nor the contract may mention them.
func TestCoreKnowsNoRooms(t *testing.T) {
	word := regexp.MustCompile(`(?i)muc([^h]|$)`) // "much" is another word
	for _, s := range readSources(t) {
		if !below(s.dir, "host", "sdk") {
			continue
		}
		text, err := os.ReadFile(filepath.FromSlash(s.path))
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if word.MatchString(line) {
				t.Errorf("%s:%d: %s\nrooms are a plugin's: the host and its contract know nothing of them", s.path, i+1, strings.TrimSpace(line))
			}
		}
	}
}

// TestRulesBite shows that the rules find what they forbid.
func TestRulesBite(t *testing.T) {
	tests := []struct{ rule, dir, imported string }{
		{"xmpp imports nothing of ours", "xmpp/jid", "quatrain/sdk"},
		{"sdk imports only xmpp", "sdk", "quatrain/host"},
		{"the bridges see only sdk and xmpp", "host/internal/luabridge/compat", "quatrain/host/internal/router"},
		{"the bridges see only sdk and xmpp", "host/internal/luabridge", "quatrain/host/internal/procbridge"},
		{"plugins see only sdk, xmpp and other plugins' contracts", "plugins/muc_register", "quatrain/plugins/muc_core"},
		{"only cmd links plugins", "host", "quatrain/plugins/muc_core/muc"},
		{"spec knows no host", "spec", "quatrain/host"},
		{"gopher-lua stays in luabridge", "host/internal/config", "github.com/yuin/gopher-lua/parse"},
	}
	for _, test := range tests {
		i := slices.IndexFunc(rules, func(r rule) bool { return r.name == test.rule })
		if i < 0 {
			t.Fatalf("no rule %q", test.rule)
		}
		if r := rules[i]; !r.forbids(source{dir: test.dir}, test.imported, ours(test.imported)) || !below(test.dir, r.who...) {
			t.Errorf("%s: %s may import %s", test.rule, test.dir, test.imported)
		}
	}
}

// readSources parses the imports of all Go files of the module.
func readSources(t *testing.T) []source {
	t.Helper()
	var sources []source
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && p != "." && (strings.HasPrefix(name, ".") || name == "testdata" || isModule(p)) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		s, err := readSource(filepath.ToSlash(p))
		sources = append(sources, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(sources) < 10 {
		t.Fatalf("found only %d source files", len(sources))
	}
	return sources
}

func isModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

func readSource(p string) (source, error) {
	s := source{path: p, dir: path.Dir(p), test: strings.HasSuffix(p, "_test.go")}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.FromSlash(p), nil, parser.ImportsOnly)
	if err != nil {
		return s, err
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return s, err
		}
		s.imports = append(s.imports, imported)
	}
	return s, nil
}

// ours is an import path within the module, "" for other packages.
func ours(imported string) string {
	p, ok := strings.CutPrefix(imported, "quatrain/")
	if !ok {
		return ""
	}
	return p
}

// below is whether p is one of the folders or lies in one; "." holds everything.
func below(p string, folders ...string) bool {
	return slices.ContainsFunc(folders, func(f string) bool {
		return p != "" && f != "" && (f == "." || p == f || strings.HasPrefix(p, f+"/"))
	})
}

// bridgeOf is the bridge that a folder belongs to.
func bridgeOf(dir string) string {
	parts := strings.SplitN(dir, "/", 4)
	return strings.Join(parts[:min(len(parts), 3)], "/")
}

// pluginOf is the plugin's folder that dir belongs to, "" for plugins itself.
func pluginOf(dir string) string {
	parts := strings.SplitN(dir, "/", 3)
	if len(parts) < 2 {
		return ""
	}
	return strings.Join(parts[:2], "/")
}

// isContract is whether a package is what a plugin offers to others: plugins/NAME/CONTRACT, as plugins/muc_core/muc.
func isContract(ours string) bool {
	parts := strings.Split(ours, "/")
	return len(parts) == 3 && parts[0] == "plugins" && strings.HasPrefix(parts[1], parts[2])
}
