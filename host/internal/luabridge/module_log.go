package luabridge

import (
	"errors"
	"log/slog"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
)

// logFailure logs an error of a script with its traceback.
func logFailure(log *slog.Logger, message string, err error, attrs ...any) {
	attrs = append(attrs, "err", err)
	var e *compat.Error
	if errors.As(err, &e) && e.Traceback != "" {
		attrs = append(attrs, "traceback", e.Traceback)
	}
	log.Error(message, attrs...)
}

// format fills in a log message: the format is argument n. It forgives what string.format would not: missing values, values of another
// type than the format asks for, too many values; control characters are made visible.
func (b *Bridge) format(L *lua.LState, n int) string {
	pattern := lua.LVAsString(L.Get(n))
	var out strings.Builder
	next := n + 1
	for pattern != "" {
		at := strings.IndexByte(pattern, '%')
		if at < 0 {
			out.WriteString(visible(pattern))
			break
		}
		out.WriteString(visible(pattern[:at]))
		spec, rest := cutSpec(pattern[at:])
		pattern = rest
		if spec == "%%" || len(spec) < 2 {
			out.WriteByte('%')
			continue
		}
		out.WriteString(b.formatOne(L, spec, next))
		next++
	}
	for ; next <= L.GetTop(); next++ {
		out.WriteString(" [" + visible(b.show(L, L.Get(next))) + "]")
	}
	return out.String()
}

// cutSpec splits off a conversion: "%-5.2f".
func cutSpec(s string) (spec, rest string) {
	for i := 1; i < len(s); i++ {
		if c := s[i]; c == '%' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			return s[:i+1], s[i+1:]
		}
	}
	return "%", s[1:]
}

func (b *Bridge) formatOne(L *lua.LState, spec string, n int) string {
	if n > L.GetTop() {
		return "(nil)"
	}
	v := L.Get(n)
	switch spec[len(spec)-1] {
	case 's':
		return visible(b.callFormat(L, spec, lua.LString(b.show(L, v))))
	case 'q':
		return b.callFormat(L, "%q", lua.LString(b.show(L, v)))
	default:
		if _, ok := v.(lua.LNumber); ok {
			return b.callFormat(L, spec, v)
		}
		return "[" + visible(b.show(L, v)) + "]"
	}
}

// callFormat is string.format of one value.
func (b *Bridge) callFormat(L *lua.LState, spec string, v lua.LValue) string {
	results, err := b.in.PCall(L, L.GetField(L.GetGlobal("string"), "format"), 1, lua.LString(spec), v)
	if err != nil {
		return "[" + visible(b.show(L, v)) + "]"
	}
	return lua.LVAsString(results[0])
}

// show is tostring(v).
func (b *Bridge) show(L *lua.LState, v lua.LValue) string {
	if s, ok := v.(lua.LString); ok {
		return string(s)
	}
	results, err := b.in.PCall(L, L.GetGlobal("tostring"), 1, v)
	if err != nil {
		return v.Type().String()
	}
	return lua.LVAsString(results[0])
}

// visible writes control characters as their Unicode pictures, line ends and tabs as they are.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' {
			return '␀' + r
		}
		return r
	}, s)
}
