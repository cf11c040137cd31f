package main

import "testing"

// forTwins runs a test with either form of the plugin of rooms.
func forTwins(t *testing.T, f func(t *testing.T, runtime string)) {
	for _, runtime := range []string{"lua", "go"} {
		t.Run(runtime, func(t *testing.T) { f(t, runtime) })
	}
}

// withRooms is a configuration in which rooms are of one form.
func withRooms(config, runtime string) string {
	return config + "\n[plugin.muc_core]\nruntime = \"" + runtime + "\"\n"
}

// roomsIn is withRooms for a server that is made for a script.
func roomsIn(runtime string) runtimes {
	return runtimes{of: map[string]string{"muc_core": runtime}}
}
