package value

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

func TestJSON(t *testing.T) {
	for name, c := range map[string]struct {
		v    any
		text string
	}{
		"empty table":         {sdk.Data{}, `{}`},
		"empty list":          {[]any{}, `[]`},
		"list":                {[]any{"a", 1.0, false}, `["a",1,false]`},
		"names":               {sdk.Data{"b": true, "a": 1.5}, `{"a":1.5,"b":true}`},
		"names and list":      {sdk.Data{"x": 1.0, 1.0: "one", 2.0: "two"}, `{"x":1,"__array":["one","two"]}`},
		"gaps":                {sdk.Data{1.0: "one", 3.0: "three"}, `{"__hash":[3,"three"],"__array":["one"]}`},
		"boolean keys":        {sdk.Data{false: "no", true: "yes"}, `{"__hash":[false,"no",true,"yes"]}`},
		"fraction as key":     {sdk.Data{0.5: "half"}, `{"__hash":[0.5,"half"]}`},
		"special names":       {sdk.Data{"__array": 1.0, "__hash": "h"}, `{"__hash":["__array",1,"__hash","h"]}`},
		"empty name":          {sdk.Data{"": "e"}, `{"":"e"}`},
		"number as string":    {sdk.Data{"1": "s"}, `{"1":"s"}`},
		"nested":              {sdk.Data{"t": sdk.Data{2.0: []any{sdk.Data{}}}}, `{"t":{"__hash":[2,[{}]]}}`},
		"escapes":             {"\"\\\n\t\x00\x1f/é😀", `"\"\\\n\u0009\u0000\u001F/é😀"`},
		"binary":              {"\xff\xfe", "\"\xff\xfe\""},
		"large":               {1e300, `1e+300`},
		"largest whole":       {9007199254740991.0, `9007199254740991`},
		"tiny":                {5e-324, `5e-324`},
		"infinity":            {math.Inf(1), `1e999`},
		"minus infinity":      {math.Inf(-1), `-1e999`},
		"negative zero":       {math.Copysign(0, -1), `-0`},
		"seconds with places": {1700000000.123456, `1.700000000123456e+09`},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := AppendJSON(nil, c.v)
			if err != nil || string(text) != c.text {
				t.Errorf("wrote %s, %v; want %s", text, err, c.text)
			}
			v, err := ParseJSON(c.text)
			if err != nil || !reflect.DeepEqual(v, c.v) {
				t.Errorf("read %#v, %v; want %#v", v, err, c.v)
			}
		})
	}
}

func TestParseJSONOfOthers(t *testing.T) {
	for text, want := range map[string]any{
		` { "a" : [ 1 , 2.0 ] } `:             sdk.Data{"a": []any{1.0, 2.0}},
		`"\ud83d\ude00\u00e9\/\b\f\r"`:        "😀é/\b\f\r",
		`{"__array":["a"]}`:                   []any{"a"},
		`{"a":null,"b":1}`:                    sdk.Data{"b": 1.0},
		`[null,"b"]`:                          sdk.Data{2.0: "b"},
		"\"a\tb\nc\"":                         "a\tb\nc",
		`{"__hash":[1.0,"a"],"__array":[]}`:   []any{"a"},
		`{"__hash":[true,{"__array":["x"]}]}`: sdk.Data{true: []any{"x"}},
	} {
		if v, err := ParseJSON(text); err != nil || !reflect.DeepEqual(v, want) {
			t.Errorf("%s: got %#v, %v", text, v, err)
		}
	}
}

func TestDamagedRows(t *testing.T) {
	for _, r := range []Row{
		{"k", "json", ""}, {"k", "json", `{"a"`}, {"k", "json", `{"a":1`}, {"k", "json", `[1,]`}, {"k", "json", `[1 2]`}, {"k", "json", `"\x"`},
		{"k", "json", `"\ud800"`}, {"k", "json", `"\u12"`}, {"k", "json", `{} {}`}, {"k", "json", `{"__hash":[1]}`}, {"k", "json", `{"__hash":[{},1]}`},
		{"k", "json", `{"__array":1}`}, {"k", "json", strings.Repeat("[", 100000)}, {"k", "json", "inf"}, {"k", "number", "x"}, {"k", "number", "nan"},
		{"k", "boolean", "maybe"}, {"k", "xml", "<a>"}, {"k", "xml", ""}, {"k", "blob", "x"}, {"k", "json", "--1"},
	} {
		if v, err := r.Decode(); err == nil || !strings.HasPrefix(err.Error(), `key "k": `) {
			t.Errorf("%.60v: got %#v, %v", r, v, err)
		}
	}
	if v, err := FromRows([]Row{{"", "string", "x"}}); err == nil {
		t.Errorf("a string in the place of the rest gave %#v", v)
	}
}

func TestRows(t *testing.T) {
	data := sdk.Data{"s": "x", "b": false, "n": 3, "t": map[string]any{"l": []string{"a"}}, "gone": nil, 1.0: "one", true: 2.0, "": "empty", "x": stanza.Message("hi")}
	rows, err := Rows(data)
	if err != nil || len(rows) != 6 {
		t.Fatalf("%v, %v", rows, err)
	}
	got, err := FromRows(rows)
	if err != nil {
		t.Fatal(err)
	}
	table := got.(sdk.Data)
	if x := table["x"].(*stanza.Element); x.String() != "<message><body>hi</body></message>" {
		t.Error(x)
	}
	delete(table, "x")
	want := sdk.Data{"s": "x", "b": false, "n": 3.0, "t": sdk.Data{"l": []any{"a"}}, 1.0: "one", true: 2.0, "": "empty"}
	if !reflect.DeepEqual(got, any(want)) {
		t.Errorf("got %#v", got)
	}
}

func TestRowsOfList(t *testing.T) {
	rows, err := Rows([]any{"a", "b"})
	if err != nil || !reflect.DeepEqual(rows, []Row{{"", "json", `["a","b"]`}}) {
		t.Fatal(rows, err)
	}
	if got, err := FromRows(rows); err != nil || !reflect.DeepEqual(got, []any{"a", "b"}) {
		t.Error(got, err)
	}
}

func TestRefused(t *testing.T) {
	circle := sdk.Data{}
	circle["c"] = circle
	for name, v := range map[string]any{
		"not a table": "x", "function": sdk.Data{"f": func() {}}, "nan": sdk.Data{"n": math.NaN()}, "circle": circle,
		"table as key": sdk.Data{[1]int{}: 1}, "stanza inside": sdk.Data{"t": []any{stanza.New("a", "")}},
	} {
		if rows, err := Rows(v); err == nil {
			t.Errorf("%s: got %v", name, rows)
		}
	}
}

func TestXML(t *testing.T) {
	for _, text := range []string{
		"<message xmlns='jabber:client' to='a@b' xml:lang='en'><body xmlns='jabber:client'>a &lt; &amp; b\n</body><x xmlns='urn:x'/></message>",
		"<iq xmlns='jabber:client'><q xmlns='urn:q' xmlns:ns1='urn:a' ns1:b='c'>text<i xmlns='urn:q'/>more</q></iq>",
		"<message><body/></message>",
		"<message><forwarded xmlns='urn:f'><message xmlns='jabber:client'><body xmlns='jabber:client'>x</body></message></forwarded></message>",
	} {
		e, err := ParseXML(text)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseXML(e.String())
		if err != nil || !reflect.DeepEqual(e, again) {
			t.Errorf("%s became %s, %v", text, e, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{"__hash":[1,"a"],"__array":[true]}`, `[1e5,"\u00e9"]`, `<a b='c'>d</a>`, "true", "1", `{"a":{"b":null}}`} {
		for _, typ := range []string{TypeJSON, TypeXML, TypeNumber, TypeBoolean, "?"} {
			f.Add(typ, s)
		}
	}
	f.Fuzz(func(t *testing.T, typ, text string) {
		v, err := Row{"k", typ, text}.Decode()
		if err != nil || v == nil {
			return
		}
		row, err := Encode("k", v)
		if err != nil {
			t.Fatalf("%q %q gave %#v, which cannot be stored: %v", typ, text, v, err)
		}
		if _, ok := v.(*stanza.Element); ok {
			return
		}
		again, err := row.Decode()
		if err != nil || !reflect.DeepEqual(again, v) {
			t.Fatalf("%#v became %#v, %v", v, again, err)
		}
	})
}
