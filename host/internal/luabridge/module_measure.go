package luabridge

import (
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

// Metric is one family of measurements of the server and its plugins that are not Lua, with all its series.
type Metric struct {
	Kind, Name, Unit, Description string
	Labels                        []string // their names
	Series                        []MetricSeries
}

// MetricSeries is one series: its labels' values, and its value, or the sum and number of its samples.
type MetricSeries struct {
	Labels     []string
	Value, Sum float64
	Count      uint64
}

func (b *Bridge) measureMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{"measure": b.measure, "metric": b.metric}
}

// metricsLibrary is core.metrics: families() lists what the server measures, {name, type, unit, description, labels, series()}.
func (b *Bridge) metricsLibrary(*lua.LState) lua.LValue {
	return b.table(map[string]lua.LGFunction{"families": func(L *lua.LState) int {
		list, _ := b.srv.Metrics()
		families := L.NewTable()
		for _, m := range list {
			families.Append(b.metricValue(m))
		}
		L.Push(families)
		return 1
	}})
}

func (b *Bridge) metricValue(m Metric) *lua.LTable {
	kind := m.Kind
	if kind == "histogram" {
		kind = "summary" // it has no buckets
	}
	t := b.table(map[string]lua.LGFunction{"series": func(L *lua.LState) int {
		L.Push(b.seriesNow(m.Name))
		return 1
	}})
	for name, s := range map[string]string{"name": m.Name, "type": kind, "unit": m.Unit, "description": m.Description} {
		t.RawSetString(name, lua.LString(s))
	}
	t.RawSetString("labels", b.toLua(m.Labels))
	return t
}

// seriesNow are the series of a family as they are when they are asked for: a list of {labels, value, sum, count}.
func (b *Bridge) seriesNow(name string) *lua.LTable {
	t := b.in.State().NewTable()
	list, _ := b.srv.Metrics()
	for _, m := range list {
		if m.Name != name {
			continue
		}
		for _, s := range m.Series {
			one := b.in.State().NewTable()
			one.RawSetString("labels", b.toLua(s.Labels))
			one.RawSetString("value", lua.LNumber(s.Value))
			one.RawSetString("sum", lua.LNumber(s.Sum))
			one.RawSetString("count", lua.LNumber(s.Count))
			t.Append(one)
		}
	}
	return t
}

// measureKinds are the kinds of module:measure as kinds of metrics.
var measureKinds = map[string]string{"amount": "gauge", "counter": "counter", "rate": "counter", "times": "histogram", "sizes": "histogram",
	"distribution": "histogram", "duration": "histogram"}

// measure: name, kind, more about it → the function that takes measurements of that kind.
func (b *Bridge) measure(L *lua.LState) int {
	o, name, kind := b.module(L), L.CheckString(2), L.CheckString(3)
	metricKind, ok := measureKinds[kind]
	if !ok {
		L.ArgError(3, "unknown kind of measurement: "+kind)
	}
	if _, here := b.srv.Metrics(); !here {
		L.Push(L.NewFunction(measurer(kind, o.m.Metric(metricKind, name, "", "").With())))
		return 1
	}
	label, value := lua.LValue(lua.LNil), lua.LValue(lua.LNil)
	if o.m.HostType() != sdk.HostGlobal {
		label, value = lua.LString("host"), lua.LString(o.m.Host())
	}
	L.Push(L.GetField(b.require(L, "core.statsmanager"), "measure"))
	for _, v := range []lua.LValue{lua.LString(kind), lua.LString("mod_" + o.m.Name() + "/" + name), L.Get(4), label, value} {
		L.Push(v)
	}
	L.Call(5, 1)
	return 1
}

func measurer(kind string, series sdk.Metric) lua.LGFunction {
	switch kind {
	case "amount":
		return number(series.Set)
	case "counter":
		return number(series.Add)
	case "rate":
		return func(*lua.LState) int {
			series.Add(1)
			return 0
		}
	case "times", "duration":
		return func(L *lua.LState) int {
			start := time.Now()
			L.Push(L.NewFunction(func(*lua.LState) int {
				series.Sample(time.Since(start).Seconds())
				return 0
			}))
			return 1
		}
	}
	return number(series.Sample)
}

func number(f func(float64)) lua.LGFunction {
	return func(L *lua.LState) int {
		f(float64(L.OptNumber(1, 1)))
		return 0
	}
}

// metric: kind, name, unit, description, list of labels, more about it → a family with with_labels(…), and set, add, sample of the one without
// labels.
func (b *Bridge) metric(L *lua.LState) int {
	o := b.module(L)
	if _, here := b.srv.Metrics(); here {
		return b.statsMetric(L, o)
	}
	var labels []string
	if t, ok := L.Get(6).(*lua.LTable); ok {
		for _, label := range b.fields(t) {
			labels = append(labels, lua.LVAsString(label))
		}
	}
	L.Push(b.familyValue(o.m.Metric(L.CheckString(2), L.CheckString(3), L.OptString(4, ""), L.OptString(5, ""), labels...), len(labels), nil))
	return 1
}

// statsMetric asks core.statsmanager for a family; that of a host has the host as its first label.
func (b *Bridge) statsMetric(L *lua.LState, o *moduleObject) int {
	labels, onHost := L.NewTable(), o.m.HostType() != sdk.HostGlobal
	if onHost {
		labels.Append(lua.LString("host"))
	}
	if t, ok := L.Get(6).(*lua.LTable); ok {
		for _, label := range b.fields(t) {
			labels.Append(label)
		}
	}
	args := []lua.LValue{L.Get(2), lua.LString("prosody_mod_" + o.m.Name() + "/" + L.CheckString(3)), L.Get(4), L.Get(5), labels, L.Get(7)}
	L.Push(L.GetField(b.require(L, "core.statsmanager"), "metric"))
	for _, v := range args {
		L.Push(v)
	}
	L.Call(len(args), 1)
	if !onHost {
		return 1
	}
	family := L.Get(-1)
	L.Push(L.GetField(b.require(L, "core.statsmanager"), "of_host"))
	for _, v := range []lua.LValue{family, lua.LString(o.m.Host()), lua.LBool(labels.Len() == 1)} {
		L.Push(v)
	}
	L.Call(3, 1)
	return 1
}

// familyValue is a family of which some labels are given.
func (b *Bridge) familyValue(family sdk.MetricFamily, labels int, given []string) *lua.LTable {
	more := func(L *lua.LState) int {
		all := append([]string(nil), given...)
		for i := 2; i <= L.GetTop(); i++ {
			all = append(all, lua.LVAsString(L.Get(i)))
		}
		L.Push(b.familyValue(family, labels, all))
		return 1
	}
	methods := map[string]lua.LGFunction{"with_labels": more, "with_partial_label": more}
	if len(given) == labels {
		series := family.With(given...)
		for name, f := range map[string]func(float64){"set": series.Set, "add": series.Add, "sample": series.Sample} {
			methods[name] = func(L *lua.LState) int {
				f(float64(L.OptNumber(2, 1)))
				return 0
			}
		}
	}
	return b.table(methods)
}
