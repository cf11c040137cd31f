// Command gen writes the files of lua/types. It is run by "go generate" in the folder of the list.
package main

import (
	"log"
	"os"
	"path/filepath"

	"quatrain/host/internal/luabridge/luaapi"
)

// target is where the files are, from the folder of the list.
const target = "../../../../lua/types"

func main() {
	if err := generate(); err != nil {
		log.Fatal(err)
	}
}

func generate() error {
	list, err := luaapi.Load()
	if err != nil {
		return err
	}
	types, err := list.Types()
	if err != nil {
		return err
	}
	if err := os.RemoveAll(target); err != nil {
		return err
	}
	for name, text := range types {
		file := filepath.Join(target, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
