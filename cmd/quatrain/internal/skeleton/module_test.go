package skeleton

import (
	"go/format"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// root is the checkout that this package is part of.
const root = "../../../.."

func TestGoModNamesTheCheckout(t *testing.T) {
	absolute, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, dir, want string }{
		{"within the checkout", filepath.Join(root, "examples"), "../.."},
		{"outside", t.TempDir(), absolute},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := map[string][]byte{}
			p := Plugin{Name: "guestbook", Language: "go", Dir: test.dir, Checkout: root}
			if err := p.addModule(t.Context(), files); err != nil {
				t.Fatal(err)
			}
			mod, err := modfile.Parse("go.mod", files["go.mod"], nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := mod.Replace[0].New.Path; got != test.want {
				t.Errorf("want the checkout %q, got %q", test.want, got)
			}
			if len(mod.Require) < 2 || mod.Require[0].Mod.Path != serverModule {
				t.Errorf("it requires %v", mod.Require)
			}
		})
	}
}

func TestNeededSums(t *testing.T) {
	sums := "a.org/used v1.0.0 h1:x=\na.org/used v1.0.0/go.mod h1:y=\na.org/other v1.0.0 h1:z=\na.org/other v1.0.0/go.mod h1:w=\n"
	want := "a.org/used v1.0.0 h1:x=\na.org/used v1.0.0/go.mod h1:y=\na.org/other v1.0.0/go.mod h1:w=\n"
	if got := string(neededSums([]byte(sums), []string{"a.org/used"})); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestGoFilesAreFormatted(t *testing.T) {
	files, err := Plugin{Name: "guestbook", Language: "go"}.render()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		if formatted, err := format.Source(text); err != nil || string(formatted) != string(text) {
			t.Errorf("%s is not formatted (%v)", name, err)
		}
	}
}
