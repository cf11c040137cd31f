package lualib

import (
	"math"
	"strconv"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// openDatetime makes util.datetime: XEP-0082 profiles of seconds since 1970, by default now. A fraction of a second is written and read
// with microseconds, as in Prosody 13.
func (l *library) openDatetime(*lua.LState) lua.LValue {
	return l.table(map[string]lua.LGFunction{
		"date":     dateFunction("2006-01-02", ""),
		"datetime": dateFunction("2006-01-02T15:04:05", "Z"),
		"time":     dateFunction("15:04:05", ""),
		"legacy": func(L *lua.LState) int {
			return pushString(L, timeArg(L).Format("20060102T15:04:05"))
		},
		"parse": func(L *lua.LState) int {
			if !isTrue(L, 1) {
				return 0
			}
			t, ok := parseDatetime(L.CheckString(1))
			if !ok {
				return 0
			}
			L.Push(lua.LNumber(t))
			return 1
		},
	})
}

func timeArg(L *lua.LState) time.Time {
	if L.Get(1) == lua.LNil {
		return time.Now().UTC().Truncate(time.Second)
	}
	f := float64(L.CheckNumber(1))
	if math.IsNaN(f) || math.Abs(f) > 1<<53 {
		L.ArgError(1, "time out of range")
	}
	whole := math.Floor(f)
	return time.Unix(int64(whole), int64((f-whole)*1e6)*1000).UTC()
}

func dateFunction(layout, zone string) lua.LGFunction {
	withTime := strings.HasSuffix(layout, "05")
	return func(L *lua.LState) int {
		t := timeArg(L)
		if withTime && t.Nanosecond() != 0 {
			return pushString(L, t.Format(layout+".000000")+zone)
		}
		return pushString(L, t.Format(layout)+zone)
	}
}

// parseDatetime reads a date and time, with or without hyphens in the date, with a zone or in UTC. Fields out of their range overflow
// into the next, as in os.time.
func parseDatetime(s string) (seconds float64, ok bool) {
	p := datetimeParser{s: s, ok: true}
	year := p.digits(4)
	p.skip('-')
	month := p.digits(2)
	p.skip('-')
	day := p.digits(2)
	p.expect('T')
	hour := p.digits(2)
	p.expect(':')
	minute := p.digits(2)
	p.expect(':')
	second := p.digits(2)
	fraction := p.fraction()
	if !p.ok {
		return 0, false
	}
	offset, ok := zoneOffset(p.s)
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	return float64(t.Unix()-offset) + fraction, ok
}

// datetimeParser takes pieces off the front of s while they are as expected.
type datetimeParser struct {
	s  string
	ok bool
}

func (p *datetimeParser) digits(n int) (value int) {
	if len(p.s) < n {
		p.ok = false
		return 0
	}
	for i := range n {
		c := p.s[i]
		p.ok = p.ok && '0' <= c && c <= '9'
		value = value*10 + int(c-'0')
	}
	p.s = p.s[n:]
	return value
}

func (p *datetimeParser) skip(c byte) bool {
	if p.s != "" && p.s[0] == c {
		p.s = p.s[1:]
		return true
	}
	return false
}

func (p *datetimeParser) expect(c byte) { p.ok = p.skip(c) && p.ok }

func (p *datetimeParser) fraction() float64 {
	p.skip('.')
	n := len(p.s) - len(strings.TrimLeft(p.s, "0123456789"))
	f, err := strconv.ParseFloat("0."+p.s[:n]+"0", 64)
	p.s, p.ok = p.s[n:], p.ok && err == nil
	return f
}

// zoneOffset is what a zone is ahead of UTC, in seconds.
func zoneOffset(zone string) (seconds int64, ok bool) {
	if zone == "" || zone == "Z" {
		return 0, true
	}
	for i := range zone {
		if c := zone[i]; c != '+' && c != '-' {
			continue
		}
		p := datetimeParser{s: zone[i+1:], ok: true}
		hours := p.digits(2)
		if !p.ok {
			continue
		}
		p.skip(':')
		seconds = int64(hours)*3600 + zoneMinutes(p.s)*60
		if zone[i] == '-' {
			seconds = -seconds
		}
		return seconds, true
	}
	return 0, false
}

// zoneMinutes are the digits at the start of s if there are exactly two.
func zoneMinutes(s string) int64 {
	if n := len(s) - len(strings.TrimLeft(s, "0123456789")); n != 2 {
		return 0
	}
	minutes, _ := strconv.ParseInt(s[:2], 10, 64)
	return minutes
}
