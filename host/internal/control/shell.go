package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// ShellInput is a line that whoever runs the server has typed. Width is the terminal's in characters, 0 if it is not known.
type ShellInput struct {
	Line  string `json:"line"`
	Width int    `json:"width,omitempty"`
}

// ShellOutput is something to show: what a command prints, or, with Result, its outcome, after which the next line may come.
type ShellOutput struct {
	Text   string `json:"text"`
	Result bool   `json:"result,omitempty"`
	Error  bool   `json:"error,omitempty"` // the outcome is a failure
}

// Shell is one conversation with a running server, line by line.
type Shell struct {
	lines *json.Encoder
	input io.Closer
	body  io.Closer
	reply *json.Decoder
}

// Shell begins a conversation, which lasts until Close or the end of ctx.
func (c *Client) Shell(ctx context.Context) (*Shell, error) {
	read, write := io.Pipe()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://server/shell", read)
	if err != nil {
		return nil, err
	}
	answer, err := c.http.Do(r)
	if err != nil {
		if errors.Is(err, ErrNoServer) {
			err = ErrNoServer
		}
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		return nil, errors.Join(errors.New(strings.TrimSpace(string(text))), err)
	}
	return &Shell{lines: json.NewEncoder(write), input: write, body: answer.Body, reply: json.NewDecoder(answer.Body)}, nil
}

// Send sends a line.
func (s *Shell) Send(in ShellInput) error { return s.lines.Encode(in) }

// Receive waits for what comes next; io.EOF when the server has ended the conversation.
func (s *Shell) Receive() (out ShellOutput, err error) {
	if err = s.reply.Decode(&out); errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return out, err
}

// Close ends the conversation.
func (s *Shell) Close() error { return errors.Join(s.input.Close(), s.body.Close()) }

// maxLine is how long a line of the shell may be, in bytes.
const maxLine = 1 << 20

// Conversation makes a handler of a function that is called once for each conversation: it reads lines with next, which is io.EOF at the end, and
// answers with say, which may be called from any goroutine, also while the next line is awaited.
func Conversation(talk func(ctx context.Context, next func() (ShellInput, error), say func(ShellOutput) error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		stream := http.NewResponseController(w)
		if err := stream.EnableFullDuplex(); err != nil {
			http.Error(w, fmt.Sprintf("this connection cannot carry a conversation: %v", err), http.StatusNotImplemented)
			return
		}
		w.Header().Set("Content-Type", "application/x-ndjson")
		if err := stream.Flush(); err != nil {
			return
		}
		limited := &limitedLines{r: r.Body}
		lines := json.NewDecoder(limited)
		next := func() (in ShellInput, err error) {
			limited.left = maxLine
			err = lines.Decode(&in)
			return in, err
		}
		out := &answers{w: w, flush: stream.Flush}
		defer out.close()
		talk(r.Context(), next, out.say)
	}
}
