//go:build !linux

package main

import "os"

// isTerminal does not look: passwords are read as a line of the input.
func isTerminal(*os.File) bool { return false }

func hideInput(*os.File) (show func(), err error) { return func() {}, nil }
