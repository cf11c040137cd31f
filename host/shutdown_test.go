package host_test

import (
	"strings"
	"testing"
)

// Modules find out why the server stops where Prosody says it.
func TestShutdownReason(t *testing.T) {
	s := withModule(t, `module:hook_global("server-stopping", function () module:log("info", "stopping: %s, %d", prosody.shutdown_reason, prosody.shutdown_code); end, 10);`)
	if err := s.Stop(t.Context(), "the play is over"); err != nil {
		t.Fatal(err)
	}
	if log := s.log.String(); !strings.Contains(log, "stopping: the play is over, 0") {
		t.Error(log)
	}
}
