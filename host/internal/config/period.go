package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Forever is a period without end.
const Forever = time.Duration(math.MaxInt64)

const day = 24 * time.Hour

// units by the beginning of their names; the first that fits counts. A month is 30 days, a year 365.
var units = []struct {
	name string
	unit time.Duration
}{
	{"seconds", time.Second}, {"minutes", time.Minute}, {"months", 30 * day}, {"hours", time.Hour}, {"days", day}, {"weeks", 7 * day},
	{"years", 365 * day},
}

// ParsePeriod reads "1 week", "5m", "90" (seconds) or "never". A unit may be cut short; "m" means minutes, a month is 30 days and a
// year 365.
func ParsePeriod(s string) (time.Duration, error) {
	text := strings.ToLower(strings.TrimSpace(s))
	if text == "never" {
		return Forever, nil
	}
	digits := strings.TrimLeft(text, "0123456789.")
	n, err := strconv.ParseFloat(text[:len(text)-len(digits)], 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a time like \"5 minutes\"", s)
	}
	name := strings.TrimSpace(digits)
	if name == "" {
		return seconds(n), nil
	}
	for _, u := range units {
		if strings.HasPrefix(u.name, name) || strings.TrimSuffix(u.name, "s") == name || u.name[:3] == name {
			return seconds(n * u.unit.Seconds()), nil
		}
	}
	return 0, fmt.Errorf("%q is not a unit of time", name)
}

// seconds is f seconds; Forever if they are too many to count, or negative.
func seconds(f float64) time.Duration {
	if f < 0 || f >= Forever.Seconds() || math.IsNaN(f) {
		return Forever
	}
	return time.Duration(f * float64(time.Second))
}

// toPeriod takes seconds, a text for ParsePeriod, or false for "never".
func toPeriod(v any) (time.Duration, error) {
	switch v := v.(type) {
	case float64:
		return seconds(v), nil
	case string:
		return ParsePeriod(v)
	case bool:
		if !v {
			return Forever, nil
		}
	}
	return 0, errWrong
}
