package luastanza_test

import (
	"context"
	_ "embed"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/host/internal/luabridge/luastanza"
	"quatrain/xmpp/stanza"
)

//go:embed testdata/semantics.lua
var semantics []byte

// newInterp has util.stanza to require.
func newInterp(t testing.TB) (*compat.Interp, *luastanza.Lib) {
	t.Helper()
	in := compat.New(compat.Options{})
	lib := luastanza.New(in)
	in.SetLoader(func(_ *lua.LState, name string) (lua.LValue, bool, error) {
		return lib.Module(), name == "util.stanza", nil
	})
	return in, lib
}

func TestSemantics(t *testing.T) {
	in, _ := newInterp(t)
	fn, err := in.Load(semantics, "@semantics.lua", nil)
	if err != nil {
		t.Fatal(err)
	}
	results, err := in.Call(context.Background(), fn, 1)
	if err != nil {
		t.Fatal(err)
	}
	checks := results[0].(*lua.LTable)
	for i := 1; i <= checks.Len(); i++ {
		check := checks.RawGetInt(i).(*lua.LTable)
		t.Run(lua.LVAsString(check.RawGetString("name")), func(t *testing.T) {
			if _, err := in.Call(context.Background(), check.RawGetString("run"), 0); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestOneValueInBothWorlds(t *testing.T) {
	in, lib := newInterp(t)
	fn, err := in.Load([]byte(`local s = ...; s.attr.to = "b"; s:tag("new"); return s.tags[1]`), "@both.lua", nil)
	if err != nil {
		t.Fatal(err)
	}
	e := stanza.New("message", "", "to", "a")
	e.AddChild(stanza.New("body", ""))
	results, err := in.Call(context.Background(), fn, 1, lib.Value(e))
	if err != nil {
		t.Fatal(err)
	}
	first, _ := lib.Element(results[0])
	if got := e.String(); got != "<message to='b'><body/><new/></message>" || first != e.Tags[0] {
		t.Errorf("tree is %s, first child %v", got, first)
	}
}
