package luabridge

import (
	"time"

	lua "github.com/yuin/gopher-lua"

	"quatrain/sdk"
)

func (b *Bridge) measureMethods() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{"measure": b.measure, "metric": b.metric}
}

// measureKinds are the kinds of module:measure as kinds of metrics.
var measureKinds = map[string]string{"amount": "gauge", "counter": "counter", "rate": "counter", "times": "histogram", "sizes": "histogram",
	"distribution": "histogram", "duration": "histogram"}

// measure: name, kind → the function that takes measurements of that kind.
func (b *Bridge) measure(L *lua.LState) int {
	o, name, kind := b.module(L), L.CheckString(2), L.CheckString(3)
	metricKind, ok := measureKinds[kind]
	if !ok {
		L.ArgError(3, "unknown kind of measurement: "+kind)
	}
	series := o.m.Metric(metricKind, name, "", "").With()
	L.Push(L.NewFunction(measurer(kind, series)))
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

// metric: kind, name, unit, description, list of labels → a family with with_labels(…), and set, add, sample of the one without labels.
func (b *Bridge) metric(L *lua.LState) int {
	o := b.module(L)
	var labels []string
	if t, ok := L.Get(6).(*lua.LTable); ok {
		for _, label := range b.fields(t) {
			labels = append(labels, lua.LVAsString(label))
		}
	}
	L.Push(b.familyValue(o.m.Metric(L.CheckString(2), L.CheckString(3), L.OptString(4, ""), L.OptString(5, ""), labels...), len(labels), nil))
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
