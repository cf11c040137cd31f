package sasl

import "testing"

type reported struct{ condition, text string }

func (r *reported) Error() string                         { return r.condition }
func (r *reported) SASLFailure() (condition, text string) { return r.condition, r.text }

func TestFailuresOfOtherHandlers(t *testing.T) {
	tests := map[string]struct{ condition, want string }{
		"known":          {"account-disabled", AccountDisabled},
		"none":           {"", NotAuthorized},
		"made up":        {"go-away", NotAuthorized},
		"no name at all": {"x/><evil", NotAuthorized},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := AsFailure(&reported{tc.condition, "why"})
			if f.Condition != tc.want || f.Text != "why" {
				t.Errorf("got %q %q, want %q", f.Condition, f.Text, tc.want)
			}
		})
	}
}
