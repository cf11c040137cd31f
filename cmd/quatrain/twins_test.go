package main

import "testing"

// forTwins runs a test with either form of the plugin of rooms.
func forTwins(t *testing.T, f func(t *testing.T, runtime string)) {
	for _, runtime := range []string{"lua", "go"} {
		t.Run(runtime, func(t *testing.T) { f(t, runtime) })
	}
}

// onTwins is forTwins for tests with a configuration; section is what is to be added to it.
func onTwins(t *testing.T, f func(t *testing.T, section string)) {
	forTwins(t, func(t *testing.T, runtime string) { f(t, sectionOf(runtime)) })
}

// sectionOf is the section of a configuration that has rooms run in one form.
func sectionOf(runtime string) string {
	return "\n[plugin.muc_core]\nruntime = \"" + runtime + "\"\n"
}

// roomsIn is that for a server that is made for a script.
func roomsIn(runtime string) runtimes {
	return runtimes{of: map[string]string{"muc_core": runtime}}
}
