package luascan

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestFile(t *testing.T) {
	for _, tt := range []struct {
		name, src string
		want      []string
	}{
		{"libraries at once and later", "local a = require 'x.y';\nfunction f() return require('z') end", []string{"library x.y:1", "library z:2 later"}},
		{"functions of a library", "local x = require 'l'\nx.a()\nlocal b, c = x.b, 5\nb()\nc()\nrequire 'm'.d(x.e)", []string{"library l:1", "library m:6", "call l.a:2", "call l.b:4", "call m.d:6"}},
		{"what is tested is not relied on", "local x = require 'l'\nif x.a then x.a() end\nlocal f = x.b or print; x.c()\nlocal g = x.d\nif not g then return end g()", []string{"library l:1", "call l.c:3"}},
		{"what is assigned is not followed", "local x = require 'l'\nif y then x = require 'm' end\nx.a()", []string{"library l:1", "library m:2"}},
		{"another variable of the name", "local x = require 'l'\nlocal function f(x) x.a() end\nfor x in y do x.b() end\ndo local x = 1; x.c() end\nx.d()", []string{"library l:1", "call l.d:5"}},
		{"methods of module", "module:hook('e', function () module:foo() end)\nfunction module.add_host(module) module:bar() end\nlocal m = module; m:baz()", []string{"call module.foo:1", "call module.hook:1", "call module.bar:2", "call module.baz:3"}},
		{"what the file itself sets", "function module.a() end\nmodule.b = 5\nfunction module:c() end\nmodule.a() module:b() module:c() module:d()", []string{"call module.d:4"}},
		{"options", "local o = module:get_option_string('a')\nlocal p = module:get_option('b', 1)\nif not o then print(p) end\nlocal q = assert(module:get_option_set('c'))",
			[]string{"call module.get_option_string:1", "call module.get_option:2", "call module.get_option_set:4", "option a_string [1 3]", "option b optional [2 3]", "option c_set [4]"}},
		{"its own files", "local lib = module:require 'lib'", []string{"call module.require:1", "file lib"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			scan, err := File([]byte(tt.src), "mod_x.lua")
			if err != nil {
				t.Fatal(err)
			}
			if got := list(scan); !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func list(s *Scan) (lines []string) {
	for _, l := range s.Libraries {
		later := ""
		if l.Later {
			later = " later"
		}
		lines = append(lines, fmt.Sprintf("library %s:%d%s", l.Name, l.Line, later))
	}
	for _, c := range s.Calls {
		lines = append(lines, fmt.Sprintf("call %s.%s:%d", c.Library, c.Function, c.Line))
	}
	for _, o := range s.Options {
		optional := ""
		if o.Optional {
			optional = " optional"
		}
		lines = append(lines, fmt.Sprintf("option %s%s%s %v", o.Name, o.Kind, optional, o.Lines))
	}
	for _, f := range s.Files {
		lines = append(lines, "file "+f)
	}
	return lines
}

func TestOptions(t *testing.T) {
	scan, err := File([]byte("local secret = module:get_option_string('the_secret')\nlocal n = module:get_option_number('n', 1)\nuse(secret, n)"), "mod_x.lua")
	if err != nil {
		t.Fatal(err)
	}
	if o := scan.OptionIn("you must set 'the_secret'"); o == nil || o.Name != "the_secret" {
		t.Errorf("got %v", o)
	}
	if o := scan.OptionIn("No the_secret."); o == nil {
		t.Error("the end of a sentence belongs to the word")
	}
	for _, message := range []string{"the_secrets", "util.the_secret.open", "attempt to call n.x"} {
		if o := scan.OptionIn(message); o != nil {
			t.Errorf("%s: got %v", message, o)
		}
	}
	if o := scan.OptionAt(3); o == nil || o.Name != "the_secret" {
		t.Errorf("got %v", o)
	}
}
