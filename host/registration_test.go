package host_test

import (
	"fmt"
	"testing"
)

// Who makes accounts without end is stopped, also where the operator configured no limit.
func TestRegistrationIsThrottled(t *testing.T) {
	const register = `
local made = 0;
for i = 1, 7 do
	local request = { username = "tybalt" .. i, ip = %q, allowed = true };
	prosody.hosts.localhost.events.fire_event("user-registering", request);
	if request.allowed then made = made + 1; end
end
return made`
	tests := map[string]struct{ options, address, want string }{
		"by default":       {"", "192.0.2.1", "5"},
		"as configured":    {"registration_throttle_max = 3", "192.0.2.1", "3"},
		"one in a time":    {"min_seconds_between_registrations = 60", "192.0.2.1", "1"},
		"not from at home": {"", "127.0.0.1", "7"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := start(t, setting{config: "[global]\nmodules_enabled = [\"saslauth\", \"register\"]\n[host.localhost]\nallow_registration = true\n" + tc.options + "\n"})
			s.want(tc.want, fmt.Sprintf(register, tc.address))
		})
	}
}
