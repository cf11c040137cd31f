package luabridge

import (
	"context"
	"slices"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"quatrain/host/internal/luabridge/compat"
	"quatrain/sdk"
)

// shifting is a bridge with a global view "names", whose keys come in another order each time they are listed, and remove(name).
func shifting(names ...string) *Bridge {
	b := &Bridge{in: compat.New(compat.Options{})}
	list := func() []string {
		slices.Reverse(names)
		return slices.Clone(names)
	}
	view := b.newView(view{name: "names", keys: list, get: func(_ *lua.LState, key string) lua.LValue {
		if slices.Contains(names, key) {
			return lua.LString("is " + key)
		}
		return lua.LNil
	}})
	b.in.Globals().RawSetString("names", view)
	b.in.Globals().RawSetString("remove", b.in.State().NewFunction(func(L *lua.LState) int {
		names = slices.DeleteFunc(names, func(name string) bool { return name == L.CheckString(1) })
		return 0
	}))
	return b
}

func TestViewTraversal(t *testing.T) {
	for name, tc := range map[string]struct{ code, want string }{
		"each once":           {`for k, v in pairs(names) do add(k, v); end`, "a is a,b is b,c is c"},
		"other fields last":   {`names.z, names.aa = 1, 2; for k, v in pairs(names) do add(k, v); end`, "a is a,b is b,c is c,aa 2,z 1"},
		"overridden":          {`names.b = "mine"; for k, v in pairs(names) do add(k, v); end`, "a is a,b mine,c is c"},
		"removal":             {`for k in pairs(names) do add(k, ""); remove(k); end`, "a ,b ,c "},
		"removal further on":  {`for k in pairs(names) do add(k, ""); remove("b"); end`, "a ,c "},
		"nested":              {`for k in pairs(names) do for l in pairs(names) do add(k, l); end end`, "a a,a b,a c,b a,b b,b c,c a,c b,c c"},
		"nested with removal": {`for k in pairs(names) do remove(k); for l in pairs(names) do add(k, l); end end`, "a b,a c,b c"},
		"own field removed":   {`names.z, names.y = 1, 2; for k in pairs(names) do add(k, ""); names[k] = nil; end`, "a ,b ,c ,y ,z "},
	} {
		t.Run(name, func(t *testing.T) {
			b := shifting("b", "c", "a")
			code := `local seen = {}; local function add(k, v) seen[#seen + 1] = k.." "..v; end; ` + tc.code + `; return table.concat(seen, ",")`
			chain := sdk.NewChain(context.Background())
			th := b.in.Enter(chain)
			defer th.Leave()
			fn, err := b.in.Load([]byte(code), "=test", b.in.Globals())
			if err != nil {
				t.Fatal(err)
			}
			got, err := b.in.Call(chain, fn, 1)
			if err != nil {
				t.Fatal(err)
			}
			if s := lua.LVAsString(got[0]); s != tc.want {
				t.Errorf("got  %s\nwant %s", strings.ReplaceAll(s, ",", ", "), tc.want)
			}
		})
	}
}
