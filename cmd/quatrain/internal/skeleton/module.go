package skeleton

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// needs are the server's packages that a plugin and its test import.
var needs = []string{"./sdk/...", "./xmpp/..."}

// addModule adds go.mod and go.sum, such that the plugin can be built at once and without a network if the server can.
func (p Plugin) addModule(ctx context.Context, files map[string][]byte) error {
	checkout, err := p.checkout()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(checkout, "go.mod"))
	if err != nil {
		return err
	}
	server, err := modfile.Parse(filepath.Join(checkout, "go.mod"), text, nil)
	if err != nil {
		return err
	}
	used, err := modulesOf(ctx, checkout, needs...)
	if err != nil {
		return err
	}
	if files["go.mod"], err = p.goMod(server, checkout, used); err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(checkout, "go.sum"))
	files["go.sum"] = neededSums(sums, used)
	return err
}

// goMod requires the server as it is in the checkout, and the modules that it uses in the versions that it uses.
func (p Plugin) goMod(server *modfile.File, checkout string, used []string) ([]byte, error) {
	f := new(modfile.File)
	place, err := p.pathTo(checkout)
	err = errors.Join(err, f.AddModuleStmt("example.org/"+p.Name), f.AddGoStmt(server.Go.Version),
		f.AddRequire(serverModule, "v0.0.0"), f.AddReplace(serverModule, "", place, ""))
	if err != nil {
		return nil, err
	}
	for _, r := range server.Require {
		if slices.Contains(used, r.Mod.Path) {
			f.AddNewRequire(r.Mod.Path, r.Mod.Version, true)
		}
	}
	f.SetRequireSeparateIndirect(f.Require)
	f.Cleanup()
	return f.Format()
}

// pathTo is the checkout as the plugin's go.mod names it: relative for a plugin within it, so that both can be moved together.
func (p Plugin) pathTo(checkout string) (string, error) {
	folder, err := filepath.Abs(p.Folder())
	if err != nil {
		return "", err
	}
	if path, err := filepath.Rel(folder, checkout); err == nil && strings.Trim(filepath.ToSlash(path), "./") == "" {
		return filepath.ToSlash(path), nil
	}
	return checkout, nil
}

// modulesOf are the modules that packages of the checkout and their dependencies come from.
func modulesOf(ctx context.Context, checkout string, packages ...string) ([]string, error) {
	args := append([]string{"list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}"}, packages...)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = checkout
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("asking Go which modules the server's packages need: %w\n%s", err, complaint.Bytes())
	}
	used := strings.Fields(string(out))
	slices.Sort(used)
	return slices.Compact(used), nil
}

// neededSums are the lines of a go.sum for the modules used, and those for the go.mod files of all others.
func neededSums(sums []byte, used []string) []byte {
	var needed []byte
	for line := range bytes.Lines(sums) {
		module, rest, _ := strings.Cut(string(line), " ")
		if slices.Contains(used, module) || strings.Contains(rest, "/go.mod ") {
			needed = append(needed, line...)
		}
	}
	return needed
}
