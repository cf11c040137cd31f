package luaapi

import (
	"reflect"
	"testing"
)

func TestParseSignature(t *testing.T) {
	for text, want := range map[string]Signature{
		"()":         {},
		"(): string": {Returns: []string{"string"}},
		"(a: string, b?: table<string, any>, ...: any): string?, fun(x: any, y: any)": {
			Params:  []Param{{"a", "string", false}, {"b", "table<string, any>", true}, {"...", "any", false}},
			Returns: []string{"string?", "fun(x: any, y: any)"},
		},
		"(f: fun(e: Event): any, n: \"a\"|\"b\")": {Params: []Param{{"f", "fun(e: Event): any", false}, {"n", `"a"|"b"`, false}}},
	} {
		if got, err := ParseSignature(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "a: string", "(a)", "(a: string", "() string"} {
		if got, err := ParseSignature(text); err == nil {
			t.Errorf("%s: got %+v", text, got)
		}
	}
}

// Each signature of the list can be read.
func TestList(t *testing.T) {
	list, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := list.Types(); err != nil {
		t.Error(err)
	}
	if len(list.Events) == 0 || list.Class(Module) == nil || list.Library("util.jid") == nil {
		t.Error("much of the list is missing")
	}
}
