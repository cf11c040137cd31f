package skeleton

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/mod/modfile"
)

// serverModule is the module that a plugin in Go needs.
const serverModule = "quatrain"

// checkout is the folder of the server's sources: the one named, or that around the plugin's or the working directory, or that which this
// program was compiled from.
func (p Plugin) checkout() (string, error) {
	if p.Checkout != "" {
		dir, err := filepath.Abs(p.Checkout)
		if err == nil && !isCheckout(dir) {
			err = fmt.Errorf("%s holds no sources of the server: there is no go.mod of a module %q", p.Checkout, serverModule)
		}
		return dir, err
	}
	for _, start := range []string{p.Dir, ".", source()} {
		if dir := above(start); dir != "" {
			return dir, nil
		}
	}
	return "", fmt.Errorf("a plugin in Go is compiled with the server's packages sdk and xmpp, and their sources are not to be found from here: name a checkout of the server (--checkout)")
}

// above is the checkout that a folder belongs to, "" if there is none.
func above(dir string) string {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	for ; ; dir = filepath.Dir(dir) {
		if isCheckout(dir) {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

func isCheckout(dir string) bool {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	return err == nil && modfile.ModulePath(text) == serverModule
}

// source is the folder of this file when it was compiled. It is no path where paths were trimmed.
func source() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(file)
}
