package main

import (
	"strings"
	"testing"
)

// TestRoomsWantAComponent: among the plugins of another host rooms are refused, and the log says where they belong.
func TestRoomsWantAComponent(t *testing.T) {
	p := install(t, `
[global]
modules_enabled = ["tls", "saslauth"]
[host."localhost"]
authentication = "internal_hashed"
modules_enabled = ["muc_core"]
`).start(t)
	p.stop()
	if log := p.log.String(); !strings.Contains(log, "name it as the component's plugin") {
		t.Errorf("the log does not say it:\n%s", log)
	}
}
