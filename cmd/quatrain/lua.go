package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"quatrain/host"
)

// lua runs a Lua file in the environment that modules see, with the configured hosts loaded and nothing listening. Without a file it
// reads what is typed.
func (p *program) lua(ctx context.Context, args []string) error {
	flags := p.flags("lua")
	var s settings
	s.define(flags)
	if err := parse(flags, args); err != nil {
		return err
	}
	srv, err := p.quietServer(ctx, &s, "")
	if err != nil {
		return err
	}
	defer srv.Stop(ctx, "the script has ended")
	if flags.NArg() == 0 {
		return p.prompt(ctx, srv.Console(ctx, "stdin", nil))
	}
	file := flags.Arg(0)
	src, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	_, err = srv.Console(ctx, file, flags.Args()[1:]).Run(ctx, src, "@"+file)
	return err
}

// prompt reads chunks line by line and prints their results; a line may be an expression. A chunk that is not complete goes on.
func (p *program) prompt(ctx context.Context, c *host.Console) error {
	lines := bufio.NewScanner(p.stdin)
	chunk := ""
	for {
		p.showPrompt(chunk)
		if !lines.Scan() {
			return lines.Err()
		}
		chunk += lines.Text()
		results, err := c.Run(ctx, []byte("return "+chunk), "=stdin")
		if isSyntaxError(err) {
			results, err = c.Run(ctx, []byte(chunk), "=stdin")
		}
		if isIncomplete(err) {
			chunk += "\n"
			continue
		}
		chunk = ""
		printResults(p.stdout, results, err)
	}
}

// showPrompt asks for input if somebody is there to see it.
func (p *program) showPrompt(chunk string) {
	terminal, ok := p.stdin.(*os.File)
	switch {
	case !ok || !isTerminal(terminal):
	case chunk == "":
		fmt.Fprint(p.stdout, "> ")
	default:
		fmt.Fprint(p.stdout, ">> ")
	}
}

func printResults(w io.Writer, results []string, err error) {
	if err != nil {
		fmt.Fprintln(w, err)
	} else if len(results) > 0 {
		fmt.Fprintln(w, strings.Join(results, "\t"))
	}
}

// isSyntaxError is whether a chunk did not compile; the message is Lua's.
func isSyntaxError(err error) bool { return err != nil && strings.Contains(err.Error(), " near ") }

// isIncomplete is whether only the end of a chunk is missing.
func isIncomplete(err error) bool {
	return isSyntaxError(err) && strings.Contains(err.Error(), "near '<eof>'")
}
