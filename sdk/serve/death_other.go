//go:build !linux

package serve

// dieWithParent does nothing where the system does not offer it: the end of the stream ends the program.
func dieWithParent() {}
