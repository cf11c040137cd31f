package compat

import (
	"fmt"
	"strings"
	"testing"
)

// TestRecords: tables that are made as a whole are like those that are filled field by field.
func TestRecords(t *testing.T) {
	for name, tc := range map[string]struct{ code, want string }{
		"order":                {`return keys { b = 1, a = 2, c = 3 }`, "b=1 a=2 c=3"},
		"nil is no field":      {`return keys { b = 1, a = nil, c = 3 }`, "b=1 c=3"},
		"one that comes later": {`local t = { b = 1, a = nil } t.a = 2 t.d = 4 return keys(t)`, "b=1 a=2 d=4"},
		"each has its own":     {`local function new(x) return { a = x, b = x } end local t, u = new(1), new(2) t.c = 3 u.d = 4 t.a = nil return keys(t) .. "/" .. keys(u)`, "b=1 c=3/a=2 b=2 d=4"},
		"one value each":       {`local function two() return 1, 2 end return keys { a = two(), b = two() }`, "a=1 b=1"},
		"the last of two":      {`return keys { a = 1, a = 2 }`, "a=2"},
		"within each other":    {`return keys(({ a = { b = { c = 1, d = 2 }, e = 3 }, f = 4 }).a.b)`, "c=1 d=2"},
		"with a list":          {`local t = { 1, a = 2, b = 3, 4 } return keys(t)`, "1=1 2=4 a=2 b=3"},
		"appended":             {`local t = {} for i = 1, 3 do t[#t + 1] = { n = i, m = i } end return #t .. t[3].n`, "33"},
		"zero in a name":       {`return #keys { ["a\0b"] = 1, ["a"] = 2 }`, "9"},
		"removed in traversal": {`local t = { a = 1, b = 2, c = 3 } for k in pairs(t) do t[k] = nil end return tostring(next(t))`, "nil"},
		"grown and shrunk":     {`local t = { a = 1, b = 2 } for i = 1, 300 do t["k" .. i] = i end for i = 1, 300 do t["k" .. i] = nil end next(t) t.x = 1 t.x = nil return keys(t) .. " " .. keys { a = 1, b = 2 }`, "a=1 b=2 a=1 b=2"},
	} {
		t.Run(name, func(t *testing.T) {
			src := `local function keys(t) local s = {} for k, v in pairs(t) do s[#s + 1] = k .. "=" .. tostring(v) end return table.concat(s, " ") end ` + tc.code
			if got := runChunk(t, src); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

// TestRecordsWithoutRoom: a function that has hardly any registers left can still make tables.
func TestRecordsWithoutRoom(t *testing.T) {
	var src strings.Builder
	for i := range 180 {
		fmt.Fprintf(&src, "local v%d = %d\n", i, i)
	}
	src.WriteString("return ({ ")
	for i := range maxRecord {
		fmt.Fprintf(&src, "f%d = v%d, ", i, i)
	}
	src.WriteString("}).f31")
	if got := runChunk(t, src.String()); got != "31" {
		t.Error(got)
	}
}

func runChunk(t *testing.T, src string) string {
	t.Helper()
	out, err := run(t, New(Options{}), src)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
