package interop

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"quatrain/host"
	"quatrain/spec"
)

const conversation = `[Client] Romeo
	jid: romeo@localhost/orchard
	password: montague
[Client] Juliet
	jid: juliet@localhost/balcony
	password: capulet
-----
Romeo connects
Juliet connects
Romeo sends:
	<presence id='here'/>
Romeo receives:
	<presence id='here'/>
Juliet sends:
	<message to='romeo@localhost' type='chat' id='m1'><body>Three words &amp; good night</body></message>
Romeo receives:
	<message id='m1'/>
Juliet disconnects
Romeo disconnects
`

// debianDebugging is the configuration of a host with one of Debian's modules.
func debianDebugging(t *testing.T, module string) []byte {
	t.Helper()
	dir := t.TempDir()
	link(t, dir, module)
	return []byte(`
[global]
plugin_paths = ["` + filepath.Join(dir, "modules") + `"]
modules_enabled = ["tls", "saslauth", "roster"]
[host."localhost"]
modules_enabled = ["` + module + `"]
`)
}

func playConversation(t *testing.T, srv *host.Server, text string) {
	t.Helper()
	script, err := spec.Parse("conversation.scs", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	player := spec.Player{Dial: spec.Only(srv.Addrs()[0].String()), Timeout: 4 * spec.DefaultTimeout}
	if err := player.Play(t.Context(), script); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

// What mod_scansion_record writes down of two clients is a script of ours that goes as it went.
func TestDebianScansionRecord(t *testing.T) {
	config, data := debianDebugging(t, "scansion_record"), t.TempDir()
	srv := startServerOn(t, data, host.Options{Config: config}, people)
	playConversation(t, srv, conversation)
	stopServer(t, srv)
	files, err := filepath.Glob(filepath.Join(data, "scansion", "*", "*.scs"))
	if err != nil || len(files) != 1 {
		t.Fatalf("recordings: %q, %v", files, err)
	}
	recording, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, said := range []string{"Romeo sends:", "Juliet sends:", "Romeo receives:", "Three words &amp; good night", "Juliet disconnects"} {
		if !strings.Contains(string(recording), said) {
			t.Errorf("the recording has no %q", said)
		}
	}
	again := startServer(t, host.Options{Config: debianDebugging(t, "scansion_record")}, map[string]string{
		"romeo@localhost": "password", "juliet@localhost": "password", // as the recording has them
	})
	playConversation(t, again, string(recording))
}

// lines is a log that a test reads. Safe for concurrent use.
type lines struct {
	mu  sync.Mutex // guards buf
	buf bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// mod_stanza_debug logs each stanza of each client, in both directions.
func TestDebianStanzaDebug(t *testing.T) {
	var log lines
	handler := &critic{Handler: slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}), t: t}
	srv := startServer(t, host.Options{Config: debianDebugging(t, "stanza_debug"), Log: slog.New(handler)}, people)
	playConversation(t, srv, conversation)
	for _, want := range []string{
		`msg="RECV: <presence[^\n]* session=c2s`,
		`msg="SEND: <presence[^\n]* session=c2s`,
		`msg="RECV: <message[^\n]*Three words[^\n]* session=c2s`,
		`msg="SEND: <message[^\n]*Three words[^\n]* session=c2s`,
	} {
		if !regexp.MustCompile(want).MatchString(log.String()) {
			t.Errorf("no %s in the log:\n%s", want, &log)
		}
	}
}
