package muccore

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// forever is a period without end.
const forever = time.Duration(math.MaxInt64)

// The server has checked the kinds and bounds of options against plugin.toml, so that what does not fit is what is not set.

func (s *service) optionBool(name string, fallback bool) bool {
	if b, ok := s.m.Option(name).(bool); ok {
		return b
	}
	return fallback
}

func (s *service) optionString(name, fallback string) string {
	if v, ok := s.m.Option(name).(string); ok {
		return v
	}
	return fallback
}

func (s *service) optionNumber(name string, fallback float64) float64 {
	if v, ok := s.m.Option(name).(float64); ok {
		return v
	}
	return fallback
}

// optionPeriod takes seconds, a text like "5 minutes", or false or "never" for a period without end.
func (s *service) optionPeriod(name string, fallback time.Duration) time.Duration {
	switch v := s.m.Option(name).(type) {
	case float64:
		return seconds(v)
	case string:
		d, err := parsePeriod(v)
		if err == nil {
			return d
		}
		s.log.Error("option is no period", "option", name, "err", err)
	case bool:
		if !v {
			return forever
		}
	}
	return fallback
}

// seconds is f seconds, forever if there are too many to count.
func seconds(f float64) time.Duration {
	if f < 0 || f >= forever.Seconds() || math.IsNaN(f) {
		return forever
	}
	return time.Duration(f * float64(time.Second))
}

// units by the beginning of their names; the first that fits counts.
var units = []struct {
	name string
	unit time.Duration
}{
	{"seconds", time.Second}, {"minutes", time.Minute}, {"months", 30 * 24 * time.Hour}, {"hours", time.Hour}, {"days", 24 * time.Hour},
	{"weeks", 7 * 24 * time.Hour}, {"years", 365 * 24 * time.Hour},
}

func parsePeriod(text string) (time.Duration, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "never" {
		return forever, nil
	}
	unit := strings.TrimLeft(text, "0123456789.")
	n, err := strconv.ParseFloat(text[:len(text)-len(unit)], 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a time like \"5 minutes\"", text)
	}
	unit = strings.TrimSpace(unit)
	for _, u := range units {
		if strings.HasPrefix(u.name, unit) || u.name[:3] == unit {
			return seconds(n * u.unit.Seconds()), nil
		}
	}
	return 0, fmt.Errorf("%q is not a unit of time", unit)
}
