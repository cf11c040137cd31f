package luabridge

import (
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// optionMethods read the configuration: name, default, bounds. A value of the wrong kind is logged as an error, and nil is returned.
func (b *Bridge) optionMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"get_option":               b.option(func(_ *optionCall, v any) any { return v }),
		"get_option_scalar":        b.option((*optionCall).scalar),
		"get_option_string":        b.option((*optionCall).text),
		"get_option_number":        b.option((*optionCall).number),
		"get_option_integer":       b.option((*optionCall).integer),
		"get_option_boolean":       b.option((*optionCall).boolean),
		"get_option_array":         b.option((*optionCall).array),
		"get_option_set":           b.option((*optionCall).set),
		"get_option_inherited_set": b.inheritedSet,
		"get_option_path":          b.optionPath,
		"get_option_enum":          b.option((*optionCall).enum),
		"get_option_period":        b.option((*optionCall).period),
		"get_option_interval":      b.option((*optionCall).period),
	}
}

// optionCall is one look-up: arguments are module, name, default and whatever the kind takes.
type optionCall struct {
	b    *Bridge
	L    *lua.LState
	o    *moduleObject
	name string
}

// option makes a getter from a conversion, which is given the configured value or, where that is unset, the default.
func (b *Bridge) option(convert func(c *optionCall, v any) any) lua.LGFunction {
	return func(L *lua.LState) int {
		c := &optionCall{b, L, b.module(L), L.CheckString(2)}
		v := c.o.m.Option(c.name)
		if v == nil {
			v = c.fallback()
		}
		L.Push(b.toLua(convert(c, v)))
		return 1
	}
}

// fallback is the default as configuration would give it; tables are kept as they are where a conversion wants them so.
func (c *optionCall) fallback() any {
	def := c.L.Get(3)
	if t, ok := def.(*lua.LTable); ok {
		return ref{t}
	}
	return c.b.toGo(def)
}

func (c *optionCall) complain(want string, v any) any {
	c.o.m.Logger().Error("option has the wrong kind of value", "option", c.name, "want", want, "got", c.b.show(c.L, c.b.toLua(v)))
	return nil
}

func (c *optionCall) scalar(v any) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	if len(list) > 1 {
		c.complain("a single value", v)
	}
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

func (c *optionCall) text(v any) any {
	switch v := c.scalar(v).(type) {
	case nil, string:
		return v
	case ref, map[string]any:
		return c.complain("text", v)
	default:
		return c.b.show(c.L, c.b.toLua(v))
	}
}

func (c *optionCall) number(v any) any {
	v = c.scalar(v)
	n, ok := v.(float64)
	if s, isText := v.(string); isText {
		parsed, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		n, ok = parsed, err == nil
	}
	if !ok {
		if v != nil {
			return c.complain("a number", v)
		}
		return nil
	}
	return c.bounded(n)
}

// bounded clamps a configured number; the default is the module's own business.
func (c *optionCall) bounded(n float64) float64 {
	if c.o.m.Option(c.name) == nil {
		return n
	}
	if low, ok := c.L.Get(4).(lua.LNumber); ok && n < float64(low) {
		c.o.m.Logger().Warn("option is too small", "option", c.name, "got", n, "used", float64(low))
		return float64(low)
	}
	if high, ok := c.L.Get(5).(lua.LNumber); ok && n > float64(high) {
		c.o.m.Logger().Warn("option is too large", "option", c.name, "got", n, "used", float64(high))
		return float64(high)
	}
	return n
}

func (c *optionCall) integer(v any) any {
	n, ok := c.number(v).(float64)
	if !ok {
		return nil
	}
	return math.Floor(n)
}

func (c *optionCall) boolean(v any) any {
	switch c.scalar(v) {
	case nil:
		return nil
	case true, "true", 1.0:
		return true
	case false, "false", 0.0:
		return false
	}
	return c.complain("true or false", v)
}

// items are the elements of a list, a set or a single value; a Lua table only as the default.
func (c *optionCall) items(v any) []lua.LValue {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		list := make([]lua.LValue, len(v))
		for i, x := range v {
			list[i] = c.b.toLua(x)
		}
		return list
	case ref:
		return c.b.itemsOf(c.L, v.v)
	}
	return []lua.LValue{c.b.toLua(v)}
}

// itemsOf are the elements of a Lua list, of a util.set or of a single value.
func (b *Bridge) itemsOf(L *lua.LState, v lua.LValue) (list []lua.LValue) {
	t, ok := v.(*lua.LTable)
	if !ok {
		return []lua.LValue{v}
	}
	if members, ok := t.RawGetString("_items").(*lua.LTable); ok {
		for k := range b.fields(members) {
			list = append(list, k)
		}
		return list
	}
	for i := 1; i <= L.ObjLen(t); i++ {
		list = append(list, L.GetTable(t, lua.LNumber(i)))
	}
	return list
}

func (c *optionCall) array(v any) any {
	if v == nil {
		return nil
	}
	return ref{c.b.construct(c.L, "util.array", "", c.items(v))}
}

func (c *optionCall) set(v any) any {
	if v == nil {
		return nil
	}
	return ref{c.b.construct(c.L, "util.set", "new", c.items(v))}
}

// construct calls a library's constructor with a list.
func (b *Bridge) construct(L *lua.LState, library, function string, items []lua.LValue) lua.LValue {
	list := L.CreateTable(len(items), 0)
	for _, x := range items {
		list.Append(x)
	}
	constructor := b.require(L, library)
	if function != "" {
		constructor = L.GetField(constructor, function)
	}
	results, err := b.in.PCall(L, constructor, 1, list)
	if err != nil {
		L.RaiseError("%s", err.Error())
	}
	return results[0]
}

// inheritedSet is the set of the global and the host's values together.
func (b *Bridge) inheritedSet(L *lua.LState) int {
	c := &optionCall{b, L, b.module(L), L.CheckString(2)}
	host, global := c.o.m.OptionAt(c.o.m.Host(), c.name), c.o.m.OptionAt("*", c.name)
	items := c.items(global)
	if c.o.m.Host() != "*" {
		items = append(items, c.items(host)...)
	}
	if host == nil && global == nil {
		if L.Get(3) == lua.LNil {
			L.Push(lua.LNil)
			return 1
		}
		items = b.itemsOf(L, L.Get(3))
	}
	L.Push(b.construct(L, "util.set", "new", items))
	return 1
}

// optionPath: name, default, parent ("data", "config", … or a path; the module's directory if nil).
func (b *Bridge) optionPath(L *lua.LState) int {
	c := &optionCall{b, L, b.module(L), L.CheckString(2)}
	v := c.o.m.Option(c.name)
	if v == nil {
		v = b.toGo(L.Get(3))
	}
	file, ok := c.text(v).(string)
	if !ok {
		L.Push(lua.LNil)
		return 1
	}
	parent := lua.LVAsString(L.Get(4))
	switch {
	case parent == "":
		parent = filepath.Dir(c.o.p.source.path())
	case b.srv.Path(parent) != "":
		parent = b.srv.Path(parent)
	}
	return pushString(L, resolvePath(parent, file))
}

// enum: name, default, further values. A value that is not among them is told, and used all the same, as modules expect.
func (c *optionCall) enum(v any) any {
	v = c.scalar(v)
	if v == nil {
		return nil
	}
	var known []string
	for i := 3; i <= c.L.GetTop(); i++ {
		known = append(known, c.b.show(c.L, c.L.Get(i)))
	}
	if got := c.b.show(c.L, c.b.toLua(v)); !slices.Contains(known, got) {
		c.complain("one of "+strings.Join(known, ", "), v)
	}
	return v
}

// period: name, default, bounds; in seconds. Numbers are seconds, "1 week" and the like are understood, "never" and false are infinity.
func (c *optionCall) period(v any) any {
	switch v := c.scalar(v).(type) {
	case nil:
		return nil
	case bool:
		if !v {
			return math.Inf(1)
		}
	case float64:
		if v < 0 {
			return math.Inf(1)
		}
		return c.bounded(v)
	case string:
		if seconds, ok := parsePeriod(v); ok {
			return c.bounded(seconds)
		}
	}
	return c.complain("a period such as \"1 week\"", v)
}

// units of time by their first letters, in seconds. "m" is minutes; months are written out.
var periodUnits = []struct {
	name    string
	seconds float64
}{
	{"seconds", 1}, {"minutes", 60}, {"hours", 3600}, {"days", 86400}, {"weeks", 7 * 86400}, {"months", 30 * 86400}, {"years", 365 * 86400},
}

func parsePeriod(s string) (seconds float64, ok bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "never" || s == "infinite" {
		return math.Inf(1), true
	}
	end := strings.IndexFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if end < 0 {
		end = len(s)
	}
	n, err := strconv.ParseFloat(s[:end], 64)
	if err != nil {
		return 0, false
	}
	unit := strings.TrimSpace(s[end:])
	if when, ok := strings.CutSuffix(unit, "ly"); ok { // how often a task runs: "1weekly", "1daily"
		unit = strings.Replace(when, "dai", "day", 1)
	}
	if unit == "" {
		return n, true
	}
	for _, u := range periodUnits {
		if strings.HasPrefix(u.name, unit) || strings.HasPrefix(unit, "mon") && u.name == "months" || unit == "min" && u.name == "minutes" {
			if strings.HasPrefix(unit, "mon") && u.name != "months" {
				continue
			}
			return n * u.seconds, true
		}
	}
	return 0, false
}

// resolvePath is a path relative to a directory.
func resolvePath(parent, file string) string {
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(parent, file)
}
