package compat

import (
	"math"
	"os"
	"strconv"
	"syscall"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// openOS makes the os library: Lua 5.1 §5.8 without exit and execute, which are not for modules.
func (it *Interp) openOS() {
	it.register("os", map[string]lua.LGFunction{
		"clock":     osClock,
		"date":      osDate,
		"difftime":  osDiffTime,
		"getenv":    osGetEnv,
		"remove":    osRemove,
		"rename":    osRename,
		"setlocale": osSetLocale,
		"time":      osTime,
		"tmpname":   osTmpName,
	})
}

// osClock is the CPU time of the process in seconds.
func osClock(L *lua.LState) int {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		L.Push(lua.LNumber(-1))
		return 1
	}
	cpu := time.Duration(u.Utime.Nano() + u.Stime.Nano())
	L.Push(lua.LNumber(cpu.Seconds()))
	return 1
}

func osDiffTime(L *lua.LState) int {
	L.Push(lua.LNumber(checkNumber(L, 1) - optNumber(L, 2, 0)))
	return 1
}

func osGetEnv(L *lua.LState) int {
	if v, ok := os.LookupEnv(checkString(L, 1)); ok {
		L.Push(lua.LString(v))
	} else {
		L.Push(lua.LNil)
	}
	return 1
}

func osRemove(L *lua.LState) int {
	name := checkString(L, 1)
	return pushSuccess(L, name, os.Remove(name))
}

func osRename(L *lua.LState) int {
	name := checkString(L, 1)
	return pushSuccess(L, name, os.Rename(name, checkString(L, 2)))
}

// pushSuccess pushes true, or nil, "name: what happened" and the number of the system error.
func pushSuccess(L *lua.LState, name string, err error) int {
	if err == nil {
		L.Push(lua.LTrue)
		return 1
	}
	_, number := systemError(err)
	L.Push(lua.LNil)
	L.Push(lua.LString(errorText(name, err)))
	L.Push(lua.LNumber(number))
	return 3
}

func osSetLocale(L *lua.LState) int {
	switch optString(L, 1, "C") {
	case "", "C", "POSIX":
		L.Push(lua.LString("C"))
	default:
		L.Push(lua.LNil)
	}
	return 1
}

func osTmpName(L *lua.LState) int {
	f, err := os.CreateTemp("", "lua_")
	if err != nil {
		raisef(L, "unable to generate a unique filename")
	}
	f.Close()
	L.Push(lua.LString(f.Name()))
	return 1
}

// osTime is the time of the table's local date and time, or now, in seconds since 1970.
func osTime(L *lua.LState) int {
	if isNoneOrNil(L, 1) {
		L.Push(lua.LNumber(time.Now().Unix()))
		return 1
	}
	tb := checkTable(L, 1)
	year, month, day := dateField(L, tb, "year", math.MinInt), dateField(L, tb, "month", math.MinInt), dateField(L, tb, "day", math.MinInt)
	hour, minute, second := dateField(L, tb, "hour", 12), dateField(L, tb, "min", 0), dateField(L, tb, "sec", 0)
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.Local)
	L.Push(lua.LNumber(t.Unix()))
	return 1
}

// dateField is a field of a date table; one without a default (math.MinInt) must be there.
func dateField(L *lua.LState, tb *lua.LTable, name string, otherwise int) int {
	v := L.GetField(tb, name)
	if f, ok := toNumber(v); ok {
		return toInt(f)
	}
	if otherwise == math.MinInt {
		raisef(L, "field '%s' missing in date table", name)
	}
	return otherwise
}

func osDate(L *lua.LState) int {
	format := optString(L, 1, "%c")
	t := time.Now()
	if !isNoneOrNil(L, 2) {
		t = time.Unix(int64(checkInt(L, 2)), 0)
	}
	if format != "" && format[0] == '!' {
		format = format[1:]
		t = t.UTC()
	} else {
		t = t.Local()
	}
	if len(format) >= 2 && format[:2] == "*t" {
		L.Push(dateTable(L, t))
		return 1
	}
	out := strftime(nil, format, t)
	checkSize(L, len(out))
	L.Push(lua.LString(out))
	return 1
}

func dateTable(L *lua.LState, t time.Time) *lua.LTable {
	tb := L.CreateTable(0, 9)
	for name, n := range map[string]int{
		"year": t.Year(), "month": int(t.Month()), "day": t.Day(), "hour": t.Hour(), "min": t.Minute(), "sec": t.Second(),
		"wday": int(t.Weekday()) + 1, "yday": t.YearDay(),
	} {
		tb.RawSetString(name, lua.LNumber(n))
	}
	tb.RawSetString("isdst", lua.LBool(t.IsDST()))
	return tb
}

// strftime formats as C's function of that name in the C locale (ISO C 2011 §7.27.3.5). What it does not know stays as it is.
func strftime(out []byte, format string, t time.Time) []byte {
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			out = append(out, format[i])
			continue
		}
		i++
		c := format[i]
		if (c == 'E' || c == 'O') && i+1 < len(format) {
			i++
			c = format[i]
		}
		if layout, ok := layouts[c]; ok {
			out = t.AppendFormat(out, layout)
		} else if composed, ok := compositions[c]; ok {
			out = strftime(out, composed, t)
		} else {
			out = dateNumber(out, c, t)
		}
	}
	return out
}

var layouts = map[byte]string{
	'a': "Mon", 'A': "Monday", 'b': "Jan", 'B': "January", 'h': "Jan", 'd': "02", 'e': "_2", 'H': "15", 'I': "03", 'j': "002",
	'm': "01", 'M': "04", 'p': "PM", 'P': "pm", 'S': "05", 'y': "06", 'z': "-0700", 'Z': "MST",
}

var compositions = map[byte]string{
	'c': "%a %b %e %H:%M:%S %Y", 'D': "%m/%d/%y", 'F': "%Y-%m-%d", 'r': "%I:%M:%S %p", 'R': "%H:%M", 'T': "%H:%M:%S",
	'x': "%m/%d/%y", 'X': "%H:%M:%S", 'n': "\n", 't': "\t",
}

func dateNumber(out []byte, c byte, t time.Time) []byte {
	pad := func(n int, width int, fill byte) []byte {
		s := strconv.Itoa(n)
		for range width - len(s) {
			out = append(out, fill)
		}
		return append(out, s...)
	}
	isoYear, isoWeek := t.ISOWeek()
	monday := (int(t.Weekday()) + 6) % 7
	switch c {
	case '%':
		return append(out, '%')
	case 'C':
		return pad(t.Year()/100, 2, '0')
	case 'g':
		return pad(isoYear%100, 2, '0')
	case 'G':
		return pad(isoYear, 0, '0')
	case 'k':
		return pad(t.Hour(), 2, ' ')
	case 'l':
		return pad((t.Hour()+11)%12+1, 2, ' ')
	case 's':
		return strconv.AppendInt(out, t.Unix(), 10)
	case 'u':
		return pad(monday+1, 1, '0')
	case 'U':
		return pad((t.YearDay()+6-int(t.Weekday()))/7, 2, '0')
	case 'V':
		return pad(isoWeek, 2, '0')
	case 'w':
		return pad(int(t.Weekday()), 1, '0')
	case 'W':
		return pad((t.YearDay()+6-monday)/7, 2, '0')
	case 'Y':
		return pad(t.Year(), 0, '0')
	}
	return append(out, '%', c)
}
