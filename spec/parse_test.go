package spec

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const cast = `# A title
# and more about it
## slow
## status: stable

[Client] Romeo
	jid: romeo@localhost/balcony
	password: secret

[Client] Romeo's phone
	jid: romeo@localhost
	resource: phone
	connect_host: 127.0.0.1
	connect_port: 5223

-----
`

func TestParseScript(t *testing.T) {
	s, err := Parse("x.scs", []byte(cast+`
Romeo connects
# an act
Romeo's phone connects
Romeo sends: <presence/>
Romeo receives:
	<presence from="${Romeo's full JID}">

	  <status/>
	</presence>
Romeo receives nothing
Romeo receives: nothing
Romeo's phone disconnects`))
	if err != nil {
		t.Fatal(err)
	}
	if s.Title != "A title" || strings.Join(s.Tags, "|") != "slow|status: stable" {
		t.Errorf("title %q, tags %q", s.Title, s.Tags)
	}
	phone := *s.Clients[1]
	if want := (Client{"Romeo's phone", "romeo@localhost", "phone", "", "127.0.0.1", 5223, 10}); phone != want {
		t.Errorf("client: want %+v, got %+v", want, phone)
	}
	if s.Clients[0].Resource != "balcony" {
		t.Errorf("resource of the jid: %+v", s.Clients[0])
	}
	var got []string
	for _, a := range s.Actions {
		got = append(got, fmt.Sprintf("%d %s %s", a.Line, a.Client.Name, a.Kind))
	}
	want := "18 Romeo connects,20 Romeo's phone connects,21 Romeo sends,22 Romeo receives,27 Romeo receives nothing," +
		"28 Romeo receives nothing,29 Romeo's phone disconnects"
	if strings.Join(got, ",") != want {
		t.Errorf("actions:\nwant %s\ngot  %s", want, strings.Join(got, ","))
	}
}

// Each file holds a script, a dashed line of more than five dashes, and the error that it gives.
func TestParseMistakes(t *testing.T) {
	files, _ := filepath.Glob("testdata/mistakes/*.txt")
	if len(files) == 0 {
		t.Fatal("no test data")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			src, want, ok := strings.Cut(string(data), "\n----------\n")
			if !ok {
				t.Fatal("want a line of ten dashes between script and error")
			}
			_, err = Parse("x.scs", []byte(src))
			var mistake *ParseError
			if !errors.As(err, &mistake) || err.Error() != strings.TrimSpace(want) {
				t.Errorf("want %s\ngot  %v", strings.TrimSpace(want), err)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(cast + "Romeo connects\nRomeo sends:\n\t<presence to=\"${Romeo's full JID}\"/>\nRomeo receives:\n\t<a b='${c}'/>\n"))
	f.Add([]byte("[Client] A\njid: a@b\n---\nA connects\nA receives: nothing\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := Parse("fuzz.scs", src)
		if err != nil {
			var mistake *ParseError
			if !errors.As(err, &mistake) || mistake.Line < 0 || mistake.Line > strings.Count(string(src), "\n")+1 {
				t.Fatalf("an error without a place: %v", err)
			}
			return
		}
		for _, a := range s.Actions {
			if (a.Kind == Sends || a.Kind == Receives) != (a.Stanza != nil) {
				t.Fatalf("line %d: %v with stanza %v", a.Line, a.Kind, a.Stanza)
			}
			if a.Stanza != nil {
				match(a.Stanza, a.Stanza, variables{})
				_ = shown(a.Stanza, variables{}).String()
			}
		}
	})
}
