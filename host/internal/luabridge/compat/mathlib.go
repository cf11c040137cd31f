package compat

import (
	"math"
	"math/rand/v2"

	lua "github.com/yuin/gopher-lua"
)

// openMath makes the math library: Lua 5.1 §5.6 with type, tointeger, ult, maxinteger and mininteger (5.3). All numbers are floats; those
// without a fraction count as integers.
func (it *Interp) openMath() {
	seed := it.opts.Seed
	if seed == 0 {
		seed = rand.Uint64()
	}
	it.lib.random = rand.NewPCG(seed, seed)
	functions := map[string]lua.LGFunction{
		"atan":       mathAtan,
		"fmod":       mathFmod,
		"frexp":      mathFrexp,
		"ldexp":      mathLdexp,
		"log":        mathLog,
		"max":        func(L *lua.LState) int { return mathExtreme(L, func(a, b float64) bool { return a > b }) },
		"min":        func(L *lua.LState) int { return mathExtreme(L, func(a, b float64) bool { return a < b }) },
		"modf":       mathModf,
		"random":     mathRandom,
		"randomseed": mathRandomSeed,
		"tointeger":  mathToInteger,
		"type":       mathType,
		"ult":        mathUlt,
	}
	for name, f := range map[string]func(float64) float64{
		"abs": math.Abs, "acos": math.Acos, "asin": math.Asin, "ceil": math.Ceil, "cos": math.Cos, "cosh": math.Cosh,
		"exp": math.Exp, "floor": math.Floor, "log10": math.Log10, "sin": math.Sin, "sinh": math.Sinh, "sqrt": math.Sqrt,
		"tan": math.Tan, "tanh": math.Tanh,
		"deg": func(x float64) float64 { return x * (180 / math.Pi) },
		"rad": func(x float64) float64 { return x * (math.Pi / 180) },
	} {
		functions[name] = func(L *lua.LState) int {
			L.Push(lua.LNumber(f(checkNumber(L, 1))))
			return 1
		}
	}
	for name, f := range map[string]func(a, b float64) float64{"pow": math.Pow, "atan2": math.Atan2} {
		functions[name] = func(L *lua.LState) int {
			L.Push(lua.LNumber(f(checkNumber(L, 1), checkNumber(L, 2))))
			return 1
		}
	}
	lib := it.register("math", functions)
	lib.RawSetString("mod", lib.RawGetString("fmod"))
	for name, n := range map[string]float64{
		"huge": math.Inf(1), "pi": math.Pi, "maxinteger": math.MaxInt64, "mininteger": math.MinInt64,
	} {
		lib.RawSetString(name, lua.LNumber(n))
	}
}

func mathAtan(L *lua.LState) int {
	L.Push(lua.LNumber(math.Atan2(checkNumber(L, 1), optNumber(L, 2, 1))))
	return 1
}

func mathFmod(L *lua.LState) int {
	L.Push(lua.LNumber(math.Mod(checkNumber(L, 1), checkNumber(L, 2))))
	return 1
}

func mathFrexp(L *lua.LState) int {
	m, e := math.Frexp(checkNumber(L, 1))
	L.Push(lua.LNumber(m))
	L.Push(lua.LNumber(e))
	return 2
}

func mathLdexp(L *lua.LState) int {
	L.Push(lua.LNumber(math.Ldexp(checkNumber(L, 1), checkInt(L, 2))))
	return 1
}

func mathLog(L *lua.LState) int {
	x := checkNumber(L, 1)
	switch base := optNumber(L, 2, math.E); base {
	case math.E:
		x = math.Log(x)
	case 2:
		x = math.Log2(x)
	case 10:
		x = math.Log10(x)
	default:
		x = math.Log(x) / math.Log(base)
	}
	L.Push(lua.LNumber(x))
	return 1
}

func mathExtreme(L *lua.LState, better func(a, b float64) bool) int {
	best := checkNumber(L, 1)
	for i := 2; i <= L.GetTop(); i++ {
		if x := checkNumber(L, i); better(x, best) {
			best = x
		}
	}
	L.Push(lua.LNumber(best))
	return 1
}

func mathModf(L *lua.LState) int {
	x := checkNumber(L, 1)
	whole := math.Trunc(x)
	fraction := x - whole
	if math.IsInf(x, 0) {
		fraction = 0
	}
	L.Push(lua.LNumber(whole))
	L.Push(lua.LNumber(fraction))
	return 2
}

func mathRandom(L *lua.LState) int {
	r := float64(Of(L).lib.random.Uint64()>>11) / (1 << 53)
	low, high := 1.0, 1.0
	switch L.GetTop() {
	case 0:
		L.Push(lua.LNumber(r))
		return 1
	case 1:
		high = checkNumber(L, 1)
	default:
		low, high = checkNumber(L, 1), checkNumber(L, 2)
	}
	low, high = math.Floor(low), math.Floor(high)
	if !(low <= high) {
		argError(L, L.GetTop(), "interval is empty")
	}
	L.Push(lua.LNumber(math.Floor(r*(high-low+1)) + low))
	return 1
}

func mathRandomSeed(L *lua.LState) int {
	seed := rand.Uint64()
	if L.GetTop() > 0 {
		seed = math.Float64bits(checkNumber(L, 1))
	}
	Of(L).lib.random.Seed(seed, seed)
	return 0
}

func mathToInteger(L *lua.LState) int {
	f, ok := toNumber(L.Get(1))
	return pushNumberOrNil(L, f, ok && f == math.Floor(f) && !math.IsInf(f, 0))
}

func mathType(L *lua.LState) int {
	n, ok := checkAny(L, 1).(lua.LNumber)
	switch f := float64(n); {
	case !ok:
		L.Push(lua.LNil)
	case f == math.Floor(f) && !math.IsInf(f, 0):
		L.Push(lua.LString("integer"))
	default:
		L.Push(lua.LString("float"))
	}
	return 1
}

func mathUlt(L *lua.LState) int {
	L.Push(lua.LBool(uint64(checkInt(L, 1)) < uint64(checkInt(L, 2))))
	return 1
}
