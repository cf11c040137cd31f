package quatrain

import (
	"os"
	"strings"
	"testing"
)

// TestReadmeShowsTheExample keeps the README's plugin the one that is tested.
func TestReadmeShowsTheExample(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("examples/room_greeting/mod_room_greeting.lua")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "```lua\n"+string(code)+"```") {
		t.Error("the README's Lua plugin differs from examples/room_greeting/mod_room_greeting.lua")
	}
}
