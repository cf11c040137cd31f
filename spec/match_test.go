package spec

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	const x, y = "<x xmlns='urn:x'>", "</x>"
	tests := []struct {
		name, want, got string
		why             string // "" if they match
	}{
		{"same", "<presence from='a@b'/>", "<presence from='a@b'/>", ""},
		{"more than mentioned", "<presence/>", "<presence from='a@b' id='1'><show>dnd</show></presence>", ""},
		{"another stanza", "<presence/>", "<message/>", "it is <message>, not <presence>"},
		{"attribute missing", "<presence id='1'/>", "<presence/>", `<presence>: no attribute id, want "1"`},
		{"attribute differs", "<presence id='1'/>", "<presence id='2'/>", `<presence>: attribute id: want "1", got "2"`},
		{"error not expected", "<presence/>", "<presence type='error'><error type='cancel'/></presence>", "it is an error"},
		{"error expected", "<presence type='error'/>", "<presence type='error'/>", ""},
		{"error expected by its element", "<message><error/></message>", "<message type='error'><error type='auth'/></message>", ""},
		{"text trimmed", "<message><body> hi\n</body></message>", "<message><body>\thi </body></message>", ""},
		{"text differs", "<message><body>hi</body></message>", "<message><body>ho</body></message>", `<body>: text: want "hi", got "ho"`},
		{"text not mentioned", "<message><body/></message>", "<message><body>ho</body></message>", ""},
		{"namespace differs", "<message>" + x + y + "</message>", "<message><x xmlns='urn:y'/></message>", "<message>: no child <x xmlns='urn:x'>"},
		{"children in any order", "<m>" + x + "<b/><a/>" + y + "</m>", "<m>" + x + "<a/><c/><b/>" + y + "</m>", ""},
		{"as many children", "<m><a/><a/></m>", "<m><a/></m>", "<m>: no child <a>"},
		{"the right one of several", "<m><a/><a k='2'/></m>", "<m><a k='2'/><a k='1'/></m>", ""},
		{"none of several", "<m><a k='3'/></m>", "<m><a k='2'/><a k='1'/></m>", "<m>: no child like <a k='3'>"},
		{"strict attribute", "<m scansion:strict='yes' a='1'/>", "<m a='1' b='2'/>", "<m>: attribute b is not in the script (strict)"},
		{"strict language", "<m scansion:strict='yes' a='1'/>", "<m a='1' xml:lang='en'/>", ""},
		{"strict children", "<m><a scansion:strict='true'><b/></a></m>", "<m><a><b/><c/></a></m>", "<a>: want exactly 1 children, got 2 (strict)"},
		{"strict order", "<m scansion:strict='1'><a/><b/></m>", "<m><b/><a/></m>", "it is <b>, not <a>"},
		{"strict text", "<m scansion:strict='yes'/>", "<m>hi</m>", `<m>: text: want "", got "hi"`},
		{"strict goes down", "<m scansion:strict='yes'><a><b/></a></m>", "<m><a><b/><b/></a></m>", "<a>: want exactly 1 children, got 2 (strict)"},
		{"not strict again", "<m scansion:strict='yes'><a scansion:strict='no'/></m>", "<m><a><b/></a></m>", ""},
		{"any value", "<m id='{scansion:any}'/>", "<m id='x'/>", ""},
		{"any value missing", "<m id='{scansion:any}'/>", "<m/>", `<m>: no attribute id, want "{scansion:any}"`},
		{"variable", "<m to=\"${Romeo's JID}\"/>", "<m to='romeo@localhost'/>", ""},
		{"variable differs", "<m to=\"${Romeo's JID}/x\"/>", "<m to='romeo@localhost/y'/>", `<m>: attribute to: want "romeo@localhost/x", got "romeo@localhost/y"`},
		{"captured twice the same", "<m a='${v}' b='${v}'/>", "<m a='1' b='1'/>", ""},
		{"captured twice otherwise", "<m a='${v}' b='${v}'/>", "<m a='1' b='2'/>", `<m>: attribute b: want "1", got "2"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want, got := fragment(t, test.want), fragment(t, test.got)
			_, why := match(want, got, variables{"Romeo's JID": "romeo@localhost"})
			if why != test.why {
				t.Errorf("want %q\ngot  %q", test.why, why)
			}
		})
	}
}

func TestMatchCaptures(t *testing.T) {
	want := fragment(t, "<iq><item id='${id}' jid='${who}@${host}/x'/><item id='b-${id}'/><n>${n}</n></iq>")
	got := fragment(t, "<iq><n> 7 </n><item id='b-1'/><item id='1' jid='a@b.c/x'/></iq>")
	v, why := match(want, got, variables{})
	if why != "" {
		t.Fatal(why)
	}
	out, err := outgoing(fragment(t, "<m a='${id} ${who} ${host}'>\n\t<b>${n}</b>\n</m>"), v)
	if err != nil {
		t.Fatal(err)
	}
	if s := out.String(); s != "<m a='1 a b.c'><b>7</b></m>" {
		t.Errorf("got %s", s)
	}
}

func TestReportShowsValuesAndReasons(t *testing.T) {
	f := &Failure{Name: "x.scs", Line: 7, Action: "Romeo receives", Cause: errTimeout,
		Want: shown(fragment(t, "<message to='${who}' id='${id}' scansion:strict='yes'><body>hi</body></message>"), variables{"who": "a@b"}),
		Came: []Arrival{{fragment(t, "<message to='a@b'><x xmlns='urn:x'><y>ho &amp; hi</y></x></message>"), "it differs"}}}
	want := strings.TrimSpace(`
x.scs:7: Romeo receives: not in time
  expected:
    <message to='a@b' id='${id}' scansion:strict='yes'>
      <body>hi</body>
    </message>
  what came:
    # 1: it differs
    <message to='a@b'>
      <x xmlns='urn:x'>
        <y>ho &amp; hi</y>
      </x>
    </message>`)
	if f.Error() != want {
		t.Errorf("got:\n%s", f.Error())
	}
}
