package value

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

func TestParseLua(t *testing.T) {
	for text, want := range map[string]any{
		"return {};":  sdk.Data{},
		"return nil":  nil,
		"return true": true,
		"-- by hand\nreturn { a = 1, ['b'] = -2; [3] = 0x10, \"first\", 'second'; [true] = false, --[[ no ]] [\"\"] = [==[\nlong]]]==], };\n": sdk.Data{
			"a": 1.0, "b": -2.0, 3.0: 16.0, 1.0: "first", 2.0: "second", true: false, "": "long]]"},
		`return "\n\65\066\x41\u{e9}\z
			\"\\\
";`: "\nABAé\"\\\n",
		"return {{{}}}":                       []any{[]any{sdk.Data{}}},
		"return { nil, 2 }":                   sdk.Data{2.0: 2.0},
		"return 1e999":                        math.Inf(1),
		"return - 5.25e-1 -- end":             -0.525,
		"return { truth = 1; falsehood = 2 }": sdk.Data{"truth": 1.0, "falsehood": 2.0},
	} {
		if v, err := ParseLua(text); err != nil || !reflect.DeepEqual(v, want) {
			t.Errorf("%s: got %#v, %v", text, v, err)
		}
	}
}

func TestParseDamagedLua(t *testing.T) {
	for _, text := range []string{
		"", "return", "return {", "return { a = }", "return os.exit()", "return 'a", "return \"a\nb\"", "return {} {}", "return { [nil] = 1 }", "return '\\400'",
		"return '\\q'", "return [[x", "returned {}", "return (0/0)", "return { a 1 }", "return " + strings.Repeat("{", 100000), "return { [{}] = 1 }", "return '\\x4'",
		"return --[[",
	} {
		if v, err := ParseLua(text); err == nil || !strings.HasPrefix(err.Error(), "damaged, line ") {
			t.Errorf("%.50q: got %#v, %v", text, v, err)
		}
	}
	for _, text := range []string{"item({}", "item{};", "{}", "item(1); items(2)"} {
		if v, err := ParseLuaItems(text); err == nil {
			t.Errorf("%q: got %#v", text, v)
		}
	}
}

// TestLuaItself: Lua reads what is written as the same value.
func TestLuaItself(t *testing.T) {
	lua, err := exec.LookPath("lua5.4")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("needs Debian's lua5.4")
	}
	v := sdk.Data{"a\n\x00\x7f\xff\"": []any{"x", sdk.Data{}}, 1.5: true, false: math.Inf(-1), "n": 1700000000.0, "_array": "x", 2.0: "\\\r"}
	text, err := AppendLua([]byte("return "), v)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "x.lua")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	script := `local t = dofile(arg[1]); local l = t["a\n\0\127\255\""]; local n = 0; for _ in pairs(t) do n = n + 1 end
		assert(n == 6 and l[1] == "x" and next(l[2]) == nil and #l == 2)
		assert(t[1.5] == true and t[false] == -math.huge and t.n == 1700000000 and t._array == "x" and t[2] == "\\\r"); print("same")`
	cmd := exec.CommandContext(t.Context(), lua, "-", file)
	cmd.Stdin = strings.NewReader(script)
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != "same\n" {
		t.Errorf("%s, %v", out, err)
	}
}

func TestPreserialized(t *testing.T) {
	e := stanza.Message("a", "to", "b").AddChild(stanza.New("x", "urn:x").AddText("t")).AddText("tail")
	e.SetAttr("urn:a\x01b", "c")
	text, err := AppendLua([]byte("item("), e)
	if err != nil {
		t.Fatal(err)
	}
	items, err := ParseLuaItems(string(text) + ");\n" + string(text) + ")")
	if err != nil || len(items) != 2 {
		t.Fatal(items, err)
	}
	again, err := Stanza(items[1])
	if err != nil || again.String() != e.String() {
		t.Errorf("%s became %v, %v", e, again, err)
	}
}

func FuzzParseLua(f *testing.F) {
	for _, s := range []string{`{ a = 1, ["b"] = -2.5e3; [3] = 0x10, "first\n\065", [true] = false, --[[ no ]] c = [==[ long ]==] }`, "nil", "{{},{}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := ParseLua("return " + s)
		if _, items := ParseLuaItems(s); err != nil || v == nil || items == nil && s == "" {
			return
		}
		text, err := AppendLua([]byte("return "), v)
		if err != nil {
			t.Fatalf("%q gave %#v, which cannot be written: %v", s, v, err)
		}
		again, err := ParseLua(string(text))
		if err != nil || !reflect.DeepEqual(again, v) {
			t.Fatalf("%#v became %#v, %v", v, again, err)
		}
	})
}
