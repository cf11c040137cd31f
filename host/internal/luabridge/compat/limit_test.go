package compat

import (
	"errors"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// What a context cannot stop has bounds of its own (probes A5).
func TestBounds(t *testing.T) {
	it := New(Options{Budget: 2 * time.Second, MaxString: 1 << 20, PatternSteps: 1_000_000})
	for name, c := range map[string]struct{ src, want string }{
		"exponential pattern":  {`return ("a"):rep(300):find(("a*"):rep(5) .. "b")`, "pattern too complex"},
		"pattern in gsub":      {`return ("a"):rep(300):gsub(("a-"):rep(6) .. "b", "")`, "pattern too complex"},
		"pattern in gmatch":    {`for _ in ("a"):rep(300):gmatch(("a*"):rep(5) .. "b") do end`, "pattern too complex"},
		"rep":                  {`return ("x"):rep(200e6)`, "not enough memory"},
		"rep of a long string": {`return ("x"):rep(1000):rep(1e15)`, "not enough memory"},
		"rep with separator":   {`return (""):rep(1e9, "x")`, "not enough memory"},
		"doubling":             {`local s = "x" while true do s = s .. s end`, "not enough memory"},
		"table.concat":         {`local t = {} for i = 1, 2000 do t[i] = ("x"):rep(1000) end return table.concat(t)`, "not enough memory"},
		"gsub":                 {`return ("x"):rep(10000):gsub("x", ("y"):rep(1000))`, "not enough memory"},
		"format":               {`local s = ("x"):rep(1e6) return ("%s%s"):format(s, s)`, "not enough memory"},
		"pack":                 {`return string.pack("c2000000", "")`, "not enough memory"},
		"load":                 {`return load(function() return ("x"):rep(1000) end)`, "not enough memory"},
		"recursion":            {`local function f() return 1 + f() end return f()`, "stack overflow"},
		"recursion in pcall":   {`local function f() local ok, e = pcall(f) if not ok then error(e, 0) end end f()`, "stack overflow"},
		"recursion in a metamethod": {`local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end return t.x`,
			"stack overflow"},
		"recursion in coroutines": {`local function f() local ok, e = coroutine.resume(coroutine.create(f)) if not ok then error(e, 0) end end f()`,
			"stack overflow"},
		"unpack":         {`return unpack({}, 1, 1e7)`, "too many results"},
		"byte":           {`return ("x"):rep(1e6):byte(1, -1)`, "string slice too long"},
		"metatable loop": {`local a, b = {}, {} setmetatable(a, {__index = b}) setmetatable(b, {__index = a}) return a.x`, "loop"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := run(t, it, c.src)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			if got, err := run(t, it, `local ok = pcall(function() `+c.src+` end) return 1`); err != nil || got != "1" {
				t.Fatalf("caught: got %q, %v", got, err)
			}
		})
	}
}

// A tail call that goes round for ever fills no stack, and the traceback must not count the rounds.
func TestBudgetStopsTailCalls(t *testing.T) {
	it := New(Options{Budget: 200 * time.Millisecond})
	for name, src := range map[string]string{
		"function":  `local function f() return f() end f()`,
		"pcall":     `pcall(function() local function f() return f() end f() end)`,
		"coroutine": `coroutine.wrap(function() local function f() return f() end f() end)()`,
		"traceback": `local n = 0 local function f() n = n + 1 if n == 300000 then n = 0 debug.traceback() end return f() end f()`,
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := run(t, it, src)
			if err == nil || !strings.Contains(err.Error(), "time budget of 200ms exceeded") {
				t.Fatalf("got %v", err)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("took %s", took)
			}
			var e *Error
			if !errors.As(err, &e) || strings.Count(e.Traceback, "\n") > 40 {
				t.Errorf("traceback %q", e.Traceback)
			}
		})
	}
}

func TestBudgetStopsPatterns(t *testing.T) {
	it := New(Options{Budget: 30 * time.Millisecond, PatternSteps: 1 << 60})
	start := time.Now()
	_, err := run(t, it, `return ("a"):rep(300):find(("a*"):rep(9) .. "b")`)
	if err == nil || !strings.Contains(err.Error(), "time budget of 30ms exceeded") {
		t.Fatalf("got %v", err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestHugeIndexDoesNotAllocate(t *testing.T) {
	it := New(Options{})
	got, err := run(t, it, `local t = {} t[60000000] = 1 t[5222] = 2 return t[60000000], t[5222], next({[60000000] = 1})`)
	if err != nil || got != "1 2 60000000 1" {
		t.Fatalf("got %q, %v", got, err)
	}
	if lua.MaxArrayIndex != maxArrayIndex {
		t.Errorf("MaxArrayIndex is %d", lua.MaxArrayIndex)
	}
}

func TestPatternStepsAreNotTooFew(t *testing.T) {
	it := New(Options{})
	got, err := run(t, it, `local s = ("word "):rep(200000) local _, n = s:gsub("%w+", "") return n, #s:match("^(.*)$")`)
	if err != nil || got != "200000 1000000" {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestDeepNestingIsAnError(t *testing.T) {
	it := New(Options{})
	for name, src := range map[string]string{
		"parentheses": "return " + strings.Repeat("(", 100_000) + "1" + strings.Repeat(")", 100_000),
		"negations":   "return " + strings.Repeat("- ", 100_000) + "1",
		"tables":      "return " + strings.Repeat("{", 100_000) + strings.Repeat("}", 100_000),
		"blocks":      strings.Repeat("do ", 100_000) + strings.Repeat("end ", 100_000),
		"sums":        "return 1" + strings.Repeat("+x", 100_000),
		"registers":   "return f(" + strings.Repeat("x,", 1000) + "x)",
		"locals":      strings.Repeat("local x = 1 ", 1000),
	} {
		t.Run(name, func(t *testing.T) {
			fn, err := it.Load([]byte(src), "=deep", nil)
			if name != "parentheses" && (err == nil || !strings.HasPrefix(err.Error(), "deep:")) {
				t.Errorf("got %v, %v", fn, err)
			}
		})
	}
}
