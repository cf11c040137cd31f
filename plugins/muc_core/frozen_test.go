package muccore

import (
	"testing"

	"quatrain/sdk"
	"quatrain/xmpp/xmlstream"
)

func TestFreezeStanza(t *testing.T) {
	for _, xml := range []string{
		`<presence from='a@b/c' to='d@e/f'><status>Here &amp; now</status><x xmlns='urn:x'><y xmlns='urn:x' a='1'/> text </x></presence>`,
		`<message xml:lang='en'><body>1</body></message>`,
		`<presence xmlns:p='urn:p' p:seen='yes'/>`,
	} {
		st, err := xmlstream.ParseElement([]byte(xml))
		if err != nil {
			t.Fatal(err)
		}
		thawed, ok := thawStanza(freezeStanza(st))
		if !ok {
			t.Fatalf("%s does not come back", xml)
		}
		again, _ := thawStanza(freezeStanza(thawed))
		if got, want := again.String(), thawed.String(); got != want || len(thawed.Attrs) != len(st.Attrs) {
			t.Errorf("%s came back as %s and %s", xml, want, got)
		}
	}
}

func TestThawStanza(t *testing.T) {
	tests := []struct {
		name  string
		value any
		xml   string // "" if it is none
	}{
		{"as stores give it", sdk.Data{"name": "presence", "attr": sdk.Data{"to": "b", "from": "a"}, 1.0: sdk.Data{"name": "show", "attr": []any{}, 1.0: "away"}},
			`<presence from='a' to='b'><show>away</show></presence>`},
		{"Prosody's separator", sdk.Data{"name": "x", "attr": sdk.Data{"urn:p|seen": "1"}}, `<x xmlns:ns1='urn:p' ns1:seen='1'/>`},
		{"a number for a text", sdk.Data{"name": "x", 1.0: 5.0}, `<x>5</x>`},
		{"no name", sdk.Data{"attr": sdk.Data{}}, ""},
		{"name of markup", sdk.Data{"name": "x><y"}, ""},
		{"attribute of markup", sdk.Data{"name": "x", "attr": sdk.Data{"a='1' b": "2"}}, ""},
		{"attribute that is a table", sdk.Data{"name": "x", "attr": sdk.Data{"a": sdk.Data{}}}, ""},
		{"child that is none", sdk.Data{"name": "x", 1.0: sdk.Data{"y": 1.0}}, ""},
		{"forbidden character", sdk.Data{"name": "x", 1.0: "\x00"}, ""},
		{"text", "x", ""},
		{"nothing", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := thawStanza(tt.value)
			if ok != (tt.xml != "") || ok && got.String() != tt.xml {
				t.Errorf("got %v, %v; want %s", got, ok, tt.xml)
			}
		})
	}
}
