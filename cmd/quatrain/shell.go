package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"quatrain/host"
)

// shell speaks with the running server: a line at a time, or only the command that the arguments make.
func (p *program) shell(ctx context.Context, args []string) error {
	flags := p.flags("shell")
	var s settings
	s.define(flags)
	if err := parse(flags, args); err != nil {
		return err
	}
	control, err := s.control()
	if err != nil {
		return err
	}
	conversation, err := control.Shell(ctx)
	if err != nil {
		return err
	}
	defer conversation.Close()
	if flags.NArg() > 0 {
		line, err := shellLine(flags.Args())
		if err != nil {
			return misuse(flags, "%v", err)
		}
		return p.shellCommand(conversation, line)
	}
	if terminal, ok := p.stdin.(*os.File); ok && isTerminal(terminal) {
		return shellOnTerminal(conversation, terminal, p.stdout)
	}
	return p.shellScript(conversation)
}

// shellLine makes a line of words: SECTION NAME ARGUMENT…, as section:name("argument", …). A single word is a line of its own, such as help.
func shellLine(words []string) (string, error) {
	if len(words) == 1 {
		return words[0], nil
	}
	if words[0] == "help" {
		return strings.Join(words, " "), nil
	}
	for _, word := range words[:2] {
		if !isLuaName(word) {
			return "", fmt.Errorf("want SECTION NAME ARGUMENT…, or one line in quotes; %q is no name", word)
		}
	}
	quoted := make([]string, 0, len(words))
	for _, word := range words[2:] {
		quoted = append(quoted, luaString(word))
	}
	return words[0] + ":" + words[1] + "(" + strings.Join(quoted, ", ") + ")", nil
}

func isLuaName(word string) bool {
	for i, r := range word {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return word != ""
}

var luaEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\x00", `\0`)

func luaString(s string) string { return `"` + luaEscapes.Replace(s) + `"` }

// errFailed is a command of the shell that failed; why has been printed.
var errFailed = errors.New("the command failed")

// shellCommand sends one line and prints what comes until its outcome.
func (p *program) shellCommand(s *host.Shell, line string) error {
	if err := s.Send(line, 0); err != nil {
		return err
	}
	for {
		out, err := s.Receive()
		if errors.Is(err, io.EOF) {
			return errors.New("the server has ended the conversation")
		}
		if err != nil {
			return err
		}
		if out.Text == host.ErrNoShell.Error() {
			return fmt.Errorf("%w: add \"admin_shell\" to the global modules_enabled, or say: quatrain plugins load admin_shell '*'", host.ErrNoShell)
		}
		if out.Error {
			fmt.Fprintln(p.stderr, out.Text)
			return errFailed
		}
		if out.Text != "" {
			fmt.Fprintln(p.stdout, out.Text)
		}
		if out.Result {
			return nil
		}
	}
}

// shellScript sends the lines of a file or a pipe; the first that fails ends it.
func (p *program) shellScript(s *host.Shell) error {
	lines := bufio.NewScanner(p.stdin)
	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		if isFarewell(lines.Text()) {
			return nil
		}
		if err := p.shellCommand(s, lines.Text()); err != nil {
			return err
		}
	}
	return lines.Err()
}

func isFarewell(line string) bool {
	switch strings.TrimSpace(line) {
	case "quit", "exit", "bye":
		return true
	}
	return false
}

// shellOnTerminal lets somebody type. What commands print later, such as a log that is watched, is shown as it comes.
func shellOnTerminal(s *host.Shell, in *os.File, out io.Writer) error {
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return fmt.Errorf("reading from the terminal: %w", err)
	}
	defer func() { _ = term.Restore(int(in.Fd()), before) }()
	t := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{in, out}, "quatrain> ")
	outcomes := make(chan error)
	go showOutput(s, t, outcomes)
	fmt.Fprintln(t, "help lists the commands, quit or ctrl-D ends the shell.")
	for {
		line, err := t.ReadLine()
		if err != nil || isFarewell(line) {
			return nil
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		width, height, err := term.GetSize(int(in.Fd())) // 0 if the terminal does not know it
		if err == nil && width > 0 {
			_ = t.SetSize(width, height)
		}
		if err := s.Send(line, width); err != nil {
			return err
		}
		if err := <-outcomes; err != nil {
			return err
		}
	}
}

// showOutput shows what comes, and tells of each outcome, or, as the last, of the end.
func showOutput(s *host.Shell, w io.Writer, outcomes chan<- error) {
	for {
		out, err := s.Receive()
		if err != nil {
			outcomes <- errors.New("the server has ended the conversation")
			return
		}
		if out.Text != "" {
			fmt.Fprintln(w, out.Text)
		}
		if out.Result {
			outcomes <- nil
		}
	}
}
