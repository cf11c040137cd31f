package host

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"quatrain/host/internal/config"
	"quatrain/host/internal/control"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// The shell's lines are events on the global bus, named and made as Prosody's are, so that a plugin of its kind is the shell here, too: the
// stanza is <repl-input width="80">LINE</repl-input>; to the origin a handler sends <repl-output>TEXT</repl-output> for what is printed and one
// <repl-result type="error"?>TEXT</repl-result> at the end. The second event tells that a shell has gone.
const (
	eventShellInput = "admin/repl-input"
	eventShellEnded = "admin-disconnected"
)

// talk is one conversation of the command line with the plugin that is the shell.
func (srv *Server) talk(ctx context.Context, next func() (control.ShellInput, error), say func(control.ShellOutput) error) {
	s := &shellSession{id: "shell" + uuid.NewString(), say: say}
	defer func() {
		ended := sdk.NewEvent(eventShellEnded, "session", s)
		ended.Origin = s
		srv.fireGlobal(context.WithoutCancel(ctx), ended)
	}()
	for {
		in, err := next()
		if err != nil {
			return
		}
		st := stanza.New("repl-input", "").AddText(strings.ToValidUTF8(in.Line, "\uFFFD"))
		if in.Width > 0 {
			st.SetAttr("width", strconv.Itoa(in.Width))
		}
		ev := sdk.StanzaEvent(eventShellInput, s, st)
		handled, err := srv.fireGlobal(ctx, ev)
		if err != nil {
			say(control.ShellOutput{Text: err.Error(), Result: true, Error: true})
		} else if handled == nil {
			say(control.ShellOutput{Text: ErrNoShell.Error(), Result: true, Error: true})
		}
	}
}

func (srv *Server) fireGlobal(ctx context.Context, ev *sdk.Event) (any, error) {
	return hosts{srv}.Bus(config.Global).Fire(sdk.NewChain(ctx), ev)
}

// ErrNoShell tells that no plugin answers what is typed into the shell.
var ErrNoShell = errors.New("no plugin is the shell")

// Shell is a conversation with the plugin of a running server that is the shell.
type Shell struct{ shell *control.Shell }

// ShellOutput is something to show: what a command prints, or, with Result, its outcome, after which the next line may come. Error tells that
// the command has failed.
type ShellOutput = control.ShellOutput

// Shell begins a conversation.
func (c *Control) Shell(ctx context.Context) (*Shell, error) {
	s, err := c.client.Shell(ctx)
	if err != nil {
		return nil, err
	}
	return &Shell{s}, nil
}

// Send sends a line; width is the terminal's in characters, 0 if it is not known.
func (s *Shell) Send(line string, width int) error {
	return s.shell.Send(control.ShellInput{Line: line, Width: width})
}

// Receive waits for what comes next; io.EOF when the server has ended the conversation.
func (s *Shell) Receive() (ShellOutput, error) { return s.shell.Receive() }

// Close ends the conversation.
func (s *Shell) Close() error { return s.shell.Close() }

// shellSession is whoever types into a shell, as the origin of the lines (sdk.Session).
type shellSession struct {
	id   string
	say  func(control.ShellOutput) error
	face any // only the script runtime uses it, under its own lock
}

func (s *shellSession) ID() string       { return s.id }
func (s *shellSession) Type() string     { return "admin" }
func (s *shellSession) Username() string { return "" }
func (s *shellSession) Host() string     { return config.Global }
func (s *shellSession) Resource() string { return "" }
func (s *shellSession) JID() string      { return "" }
func (s *shellSession) Face() any        { return s.face }
func (s *shellSession) SetFace(v any)    { s.face = v }

// Send shows what a handler has to say.
func (s *shellSession) Send(_ context.Context, st *stanza.Element) error {
	return s.say(control.ShellOutput{Text: st.Text(), Result: st.Name == "repl-result", Error: st.Attr("type") == "error"})
}

// Close does nothing: whoever types ends the conversation.
func (s *shellSession) Close(context.Context, *stanza.StreamError) {}

// AddFilter does nothing: lines are no stream.
func (s *shellSession) AddFilter(string, float64, sdk.Filter) (remove func()) { return func() {} }

// Field reads what plugins look at.
func (s *shellSession) Field(name string) (value any, ok bool) {
	switch name {
	case "type":
		return s.Type(), true
	case "id":
		return s.id, true
	case "host":
		return s.Host(), true
	}
	return nil, false
}

// SetField changes nothing.
func (s *shellSession) SetField(name string, _ any) bool {
	return name == "type" || name == "id" || name == "host"
}

var _ sdk.Session = (*shellSession)(nil)
