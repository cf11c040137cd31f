package host_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// visitor is a Go plugin that hooks one event and calls what Lua gives it, as one of the cases of luaObjects says.
type visitor struct {
	m   sdk.Module
	lua sdk.Exporter // the Lua module beds
}

func (v *visitor) Load(ctx context.Context, m sdk.Module) error {
	v.m = m
	beds, err := m.Depends(ctx, "beds", false)
	if err != nil {
		return err
	}
	v.lua = beds.(sdk.Exporter)
	visit := luaObjects()[text(m.Option("visitor_case"))].visit
	m.Hook("bed", 0, func(ctx context.Context, ev *sdk.Event) (any, error) { return visit(v, ctx, ev) })
	return nil
}

// beds is a Lua module with objects of a class.
const beds = `
local bed_mt = { __name = "bed" };
bed_mt.__index = bed_mt;
function bed_mt:plant(flower, n)
	self.flowers[flower] = (self.flowers[flower] or 0) + (n or 1);
	return self, self.flowers[flower];
end
function bed_mt:each() return next, self.flowers; end
function bed_mt:fail() error("nothing grows here"); end
function bed_mt:again() return module:fire_event("bed", { bed = self, again = true }); end
local all = {};
function get_bed(name)
	all[name] = all[name] or setmetatable({ name = name; flowers = {}; list = { "a", "b" } }, bed_mt);
	return all[name];
end
version = 3;
class, garden_mt = bed_mt, bed_mt;
function call(name, method, ...) return select(2, get_bed(name)[method](get_bed(name), ...)); end
function fields()
	local st = require "util.stanza";
	return module:fire_event("bed", { origin = prosody.hosts.localhost, stanza = st.message(), to_self = true, bed = get_bed("a"), b = true, other = get_bed("b"), n = 3, f = false, list = { name = "list" }, s = "s", z = get_bed("a") });
end
function visit(event) return module:fire_event("bed", event); end
`

// onBeds is a stage with beds and the Go plugin visitor, in a process of its own or in the server's.
func onBeds(t *testing.T, process bool, name string) *stage {
	s := setting{
		config:  fmt.Sprintf("[global]\nvisitor_case = %q\nmodules_enabled = [\"tls\", \"saslauth\", \"roster\", \"visitor\"]\n[host.localhost]\n", name),
		plugins: files("mod_beds.lua", beds),
	}
	programs := map[string]func() sdk.Plugin{"visitor": func() sdk.Plugin { return &visitor{} }}
	if process {
		s.processes = programs
	} else {
		s.native = programs
	}
	return start(t, s)
}

// What a Go plugin sees of tables and functions of a Lua module.
func TestLuaObjectsInGo(t *testing.T) {
	const fire = `local beds = prosody.hosts.localhost.modules.beds; local bed = beds.get_bed("roses"); `
	for name, tc := range luaObjects() {
		t.Run(name, func(t *testing.T) {
			bothWays(t, func(t *testing.T, process bool) {
				s := onBeds(t, process, name)
				if got := strings.Join(s.lua(fire+tc.code), " "); got != tc.want {
					t.Errorf("got  %s\nwant %s", got, tc.want)
				}
			})
		})
	}
}

type luaObject struct {
	code, want string
	visit      func(v *visitor, ctx context.Context, ev *sdk.Event) (any, error)
}

func luaObjects() map[string]luaObject {
	return map[string]luaObject{
		"type": {`return beds.visit({ bed = bed, plain = {} })`, "bed true table", func(_ *visitor, _ context.Context, ev *sdk.Event) (any, error) {
			bed, plain := ev.Get("bed").(sdk.Object).Type(), ev.Get("plain").(sdk.Object).Type()
			return fmt.Sprint(bed.Name, " ", bed.Open, " ", plain.Name), nil
		}},
		"identity": {`return beds.visit({ bed = bed, again = bed, other = beds.get_bed("tulips") }) == bed`, "true", func(_ *visitor, _ context.Context, ev *sdk.Event) (any, error) {
			bed := ev.Get("bed").(sdk.Object)
			if bed != ev.Get("again") || bed == ev.Get("other") || bed.Type() != ev.Get("other").(sdk.Object).Type() {
				return nil, errors.New("not the same")
			}
			return bed, nil
		}},
		"method": {`local n = beds.visit({ bed = bed }); return n, bed.flowers.rose`, "3 3", func(_ *visitor, ctx context.Context, ev *sdk.Event) (any, error) {
			bed := ev.Get("bed").(sdk.Object)
			results, err := bed.Call(ctx, "plant", "rose", 3.0)
			if err != nil || len(results) != 2 || results[0] != any(bed) {
				return nil, fmt.Errorf("got %v, %w", results, err)
			}
			return results[1], nil
		}},
		"fields": {`local v = beds.visit({ bed = bed }); return v, bed.name, bed[true]`, "roses tulips yes", func(_ *visitor, ctx context.Context, ev *sdk.Event) (any, error) {
			bed := ev.Get("bed").(sdk.KeyedObject)
			old, err := bed.Get(ctx, "name")
			return old, errors.Join(err, bed.Set(ctx, "name", "tulips"), bed.SetKey(ctx, true, "yes"))
		}},
		"lists": {`return beds.visit({ bed = bed })`, "a,b 2 b", func(_ *visitor, ctx context.Context, ev *sdk.Event) (any, error) {
			list, err := sdk.Field(ctx, ev.Get("bed"), "list")
			items, err2 := sdk.Items(ctx, list)
			n, err3 := sdk.Len(ctx, list)
			second, err4 := list.(sdk.KeyedObject).GetKey(ctx, 2.0)
			return fmt.Sprintf("%s,%s %d %s", items[0], items[1], n, second), errors.Join(err, err2, err3, err4)
		}},
		"changed": {`local event = { codes = { ["110"] = true } }; beds.visit(event); return event.codes["201"], event.more`, "true yes", func(_ *visitor, ctx context.Context, ev *sdk.Event) (any, error) {
			ev.Set("more", "yes")
			return nil, sdk.SetField(ctx, ev.Get("codes"), "201", true)
		}},
		"functions": {`local f = function (x) return x + 1, nil, "end"; end; return beds.visit({ f = f }) == f`, "true", func(_ *visitor, ctx context.Context, ev *sdk.Event) (any, error) {
			f := ev.Get("f").(sdk.Function)
			results, err := f.Call(ctx, 1.0)
			if !slices.Equal(results, []any{2.0, nil, "end"}) || f != ev.Get("f") {
				return nil, fmt.Errorf("got %v", results)
			}
			return f, err
		}},
		"errors": {`return beds.visit({ bed = bed })`, `mod_beds.lua:9: nothing grows here | bed: no such method: "none"`, func(_ *visitor, ctx context.Context, ev *sdk.Event) (any, error) {
			bed := ev.Get("bed").(sdk.Object)
			_, err := bed.Call(ctx, "fail")
			_, none := bed.Call(ctx, "none")
			if !errors.Is(none, sdk.ErrNoMethod) {
				return nil, none
			}
			return err.Error() + " | " + none.Error(), nil
		}},
		"exports": {`return beds.visit({})`, "3/true/true/tulips", func(v *visitor, ctx context.Context, _ *sdk.Event) (any, error) {
			version, err := v.lua.Export(ctx, "version")
			none, err2 := v.lua.Export(ctx, "string")
			get, err3 := v.lua.Export(ctx, "get_bed")
			again, _ := v.lua.Export(ctx, "get_bed")
			results, err4 := get.(sdk.Function).Call(ctx, "tulips")
			return fmt.Sprintf("%v/%v/%v/%v", version, none == nil, get == again, sdk.Text(ctx, results[0], "name")), errors.Join(err, err2, err3, err4)
		}},
		"new method": {`return beds.visit({ bed = bed }), bed:water("much")`, "roses watered much", func(v *visitor, ctx context.Context, ev *sdk.Event) (any, error) {
			class, _ := v.lua.Export(ctx, "class")
			return "roses", sdk.SetField(ctx, class, "water", sdk.Func(func(_ context.Context, args ...any) ([]any, error) {
				if args[0] != ev.Get("bed") {
					return nil, errors.New("another bed")
				}
				return []any{"watered " + args[1].(string)}, nil
			}))
		}},
		"re-entry": {`return beds.visit({ bed = bed })`, "planted 2", func(_ *visitor, ctx context.Context, ev *sdk.Event) (any, error) {
			bed := ev.Get("bed").(sdk.Object)
			if ev.Bool("again") {
				results, err := bed.Call(ctx, "plant", "rose", 2.0)
				return fmt.Sprint("planted ", results[1]), err
			}
			results, err := bed.Call(ctx, "again")
			return results[0], err
		}},
		"origin": {`local got; local e = { origin = { send = function (stanza) got = stanza.name; return true; end } }; beds.visit(e); return got`, "message",
			func(v *visitor, ctx context.Context, ev *sdk.Event) (any, error) {
				return nil, ev.Origin.Send(ctx, stanza.Message("x"))
			}},
		"stored": {`return beds.visit({ data = { 1, { a = "b" }, c = true } })`, "map[c:true 1:1 2:map[a:b]]", func(_ *visitor, ctx context.Context, ev *sdk.Event) (any, error) {
			data, err := sdk.Plain(ctx, ev.Get("data"))
			return fmt.Sprint(data), err
		}},
		"not storable": {`local t = {}; t.t = t; return (select(2, pcall(beds.visit, { data = t })):match("nested more.*"))`, "nested more than 64 deep",
			func(_ *visitor, ctx context.Context, ev *sdk.Event) (any, error) {
				return sdk.Plain(ctx, ev.Get("data"))
			}},
	}
}

// far is a Lua module with an interpreter of its own that works on objects of another Lua module and of a Go plugin.
const far = `
local beds, halls = module:depends "beds", module:depends "halls";
local wanted = {};
function wanted.identity() local bed = beds.get_bed("x"); return bed == beds.get_bed("x") and bed ~= beds.get_bed("y") and tostring(bed):match("^bed"); end
function wanted.method() local bed = beds.get_bed("x"); local same, n = bed:plant("rose", 2); return same == bed, n, bed.flowers.rose; end
function wanted.iterator() local bed = beds.get_bed("z"); bed:plant("rose"); for k, n in bed:each() do return k, n; end; end
function wanted.list() local list = beds.get_bed("x").list; table.insert(list, "c"); return table.concat(list), #list; end
function wanted.class() function beds.class:water() return "watered "..self.name; end; return beds.get_bed("x"):water(); end
function wanted.wrap()
	local old = beds.class.plant;
	function beds.class:plant(flower, n) return old(self, flower, n * 10); end
	local _, n = beds.get_bed("wrapped"):plant("rose", 2);
	beds.class.plant = old;
	return n, (select(2, beds.get_bed("unwrapped"):plant("rose", 2)));
end
function wanted.metatable() return getmetatable(beds.get_bed("x")) == beds.garden_mt and beds.garden_mt.__index == beds.garden_mt and type(beds.garden_mt.plant); end
function wanted.new_method()
	function beds.garden_mt:smell() return "smells of "..self.name; end
	local smell, own = beds.get_bed("x"):smell(), beds.garden_mt.smell;
	beds.garden_mt.smell = nil;
	return smell, type(own), beds.get_bed("x").smell;
end
function wanted.wrap_class()
	local old = beds.garden_mt.plant;
	function beds.garden_mt:plant(flower, n) return old(self, flower, n * 10); end
	local _, n = beds.get_bed("wrapped class"):plant("rose", 2);
	local m = beds.call("wrapped class", "plant", "rose", 3);
	beds.garden_mt.plant = old;
	return n, m, (select(2, beds.get_bed("unwrapped class"):plant("rose", 2)));
end
function wanted.event()
	local bed = beds.get_bed("x");
	module:hook("bed", function (event) event.seen = event.bed == bed; event.bed.note = { "note" }; return event; end);
	local event = bed:again();
	return event.seen, event.again, bed.note[1];
end
function wanted.fields()
	local got = {};
	local function handler(event) for name, value in pairs(event) do got[#got + 1] = name.."="..(type(value) == "table" and (value.name or value.host) or tostring(value)); end; end
	module:hook("bed", handler, 10);
	beds.fields();
	module:unhook("bed", handler);
	table.sort(got);
	return table.concat(got, " ");
end
function wanted.fail() local ok, err = pcall(function () beds.get_bed("x"):fail(); end); return err:match("nothing grows here"); end
function wanted.hall() local h = halls.get_hall("great"); h.mine = 1; return h.mine, h:greet("you"), h == halls.get_hall("great"); end
function check(name) return wanted[name](); end
`

// Lua modules with interpreters of their own work on each other's objects, and on those of a Go plugin, in the server's process or each in one
// of its own.
func TestObjectsOfIsolatedModules(t *testing.T) {
	bothWays(t, testIsolatedModules)
}

func testIsolatedModules(t *testing.T, process bool) {
	dir := t.TempDir()
	for name, code := range map[string]string{"mod_beds.lua": beds, "mod_far.lua": far} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(code), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	setting := setting{config: fmt.Sprintf(`
[global]
plugin_paths = [%q]
modules_enabled = ["tls", "saslauth", "roster", "far"]
[host.localhost]
[plugin.far]
isolate = true
`, dir)}
	if halls := map[string]func() sdk.Plugin{"halls": processPlugins["halls"]}; process {
		setting.processes = halls
	} else {
		setting.native = halls
	}
	s := start(t, setting)
	for name, want := range map[string]string{
		"identity": "bed", "method": "true 2 2", "iterator": "rose 1", "list": "abc 3", "class": "watered x", "wrap": "20 2", "metatable": "function", "fields": "b=true bed=a f=false list=list n=3 origin=localhost other=b s=s stanza=message to_self=true z=a", "new_method": "smells of x function nil", "wrap_class": "20 50 2",
		"event": "true true note", "fail": "nothing grows here", "hall": "1 Welcome to great, you true",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := s.Console(t.Context(), "test", nil).Run(t.Context(), []byte(`return prosody.hosts.localhost.modules.far.check("`+name+`")`), "=test")
			if strings.Join(got, " ") != want || err != nil {
				t.Errorf("got  %q, %v\nwant %s", got, err, want)
			}
		})
	}
}
