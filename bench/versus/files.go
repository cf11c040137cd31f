package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// link makes a symbolic link, and the directory that it stands in.
func link(target, name string) error {
	if _, err := os.Stat(target); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	if err := os.Symlink(target, name); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// build compiles our server from the module that the working directory belongs to.
func build(dir string) (binary string, err error) {
	binary = filepath.Join(dir, "quatrain")
	output, err := exec.Command("go", "build", "-o", binary, "quatrain/cmd/quatrain").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building the server: %w\n%s", err, strings.TrimSpace(string(output)))
	}
	return binary, nil
}
