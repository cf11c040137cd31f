package compat

import (
	"strings"
	"testing"
	"time"
)

// FuzzCompile: whatever the source, compiling ends with code or an error that names the chunk.
func FuzzCompile(f *testing.F) {
	for _, src := range []string{
		"return 1", "a, b = b, a", "for k in next, t do break end", `return "\x41\u{48}\z` + "\n  x\"", "#!x\nlocal f = function() return f end",
		"t[k] = nil goto x ::x::", "return a .. b .. c", "--[==[ ]==] x = [[\n]]", "\xef\xbb\xbfreturn 0x", `"\u{`, "\\", "repeat local x until x",
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if _, err := compile([]byte(src), "fuzz"); err != nil && !strings.HasPrefix(err.Error(), "fuzz:") {
			t.Errorf("%q: %v", src, err)
		}
	})
}

// FuzzPattern: whatever the pattern, matching ends with a result or a Lua error.
func FuzzPattern(f *testing.F) {
	for _, pat := range []string{"^(%w+)@", "%b()", "%f[%a]", "[^]a-z%-]*$", "(()(.-)%2)", "%1", "[", "%", "a?b*c+d-", "[a-", "%f", "%bx"} {
		f.Add("romeo@montague.lit (x)", pat)
	}
	it := New(Options{Budget: 5 * time.Second, PatternSteps: 100_000})
	if _, err := run(f, it, `function try(s, p) pcall(string.find, s, p) pcall(string.gsub, s, p, "%0%1") for _ in s:gmatch(p) do end end`); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s, pat string) {
		_, err := run(t, it, "pcall(try, "+quoted(s)+", "+quoted(pat)+")")
		if err != nil {
			t.Errorf("%q %q: %v", s, pat, err)
		}
	})
}

func quoted(s string) string {
	q := formatter{}
	q.quote(s)
	return string(q.out)
}
