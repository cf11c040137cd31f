package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"quatrain/lua"
)

// typesFolder is where a plugin has the annotations for editors. The server does not look there.
const typesFolder = ".types"

// editorSettings is what the language server LuaLS reads in the folder of a plugin.
const editorSettings = `{
  "runtime.version": "Lua 5.1",
  "workspace.library": ["` + typesFolder + `"]
}
`

// types writes the annotations for editors into a plugin's folder, or replaces those there.
func (p *program) types(args []string) error {
	flags := p.flags("plugin")
	if err := parse(flags, args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return misuse(flags, "want the folder of a plugin, such as: quatrain plugin types guestbook")
	}
	dir := flags.Arg(0)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("%s is no folder", dir)
	}
	if err := writeTypes(dir); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "What modules can use is described in %s now.\n", filepath.Join(dir, typesFolder))
	return nil
}

// writeTypes also writes settings, unless there are some.
func writeTypes(dir string) error {
	target := filepath.Join(dir, typesFolder)
	if err := os.RemoveAll(target); err != nil {
		return err
	}
	tree, err := fs.Sub(lua.Types, "types")
	if err != nil {
		return err
	}
	if err := os.CopyFS(target, tree); err != nil {
		return err
	}
	settings := filepath.Join(dir, ".luarc.json")
	if _, err := os.Stat(settings); err == nil {
		return nil
	}
	return os.WriteFile(settings, []byte(editorSettings), 0o644)
}
