package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// command is a word of the command line and what it does.
type command struct {
	name    string
	args    string // what follows, for the usage text
	summary string
	run     func(p *program, ctx context.Context, args []string) error
}

// commands in the order of the usage text. The first is what runs without a word.
func commands() []command {
	return []command{
		{"run", "[OPTIONS]", "run the server", (*program).runServer},
		{"check", "[OPTIONS] [--modules DIR…]", "look for mistakes in the configuration, or whether modules load", (*program).check},
		{"user", "add|passwd|delete JID | list [HOST]", "change accounts", (*program).user},
		{"status", "", "show how the running server is", (*program).status},
		{"plugins", "[--hooks] | load|reload|unload NAME [HOST]", "list what is loaded where, or change it", (*program).plugins},
		{"shell", "[SECTION NAME ARGUMENT…]", "give commands to the running server", (*program).shell},
		{"plugin", "new --lang go|lua NAME | types DIR", "begin a plugin of your own, or describe to editors what it can use", (*program).plugin},
		{"spec", "[--server HOST:PORT] FILE…", "play protocol scripts", (*program).spec},
		{"lua", "[FILE [ARGUMENT…]]", "run Lua as modules see it", (*program).lua},
		{"mod_NAME", "ARGUMENT…", "run the command of a Lua module", (*program).needName},
		{"version", "", "print the version", (*program).version},
	}
}

// errUsage is a command line that makes no sense; what is wrong has been printed.
var errUsage = errors.New("usage")

// main runs the command that args name and returns the exit code.
func (p *program) main(ctx context.Context, args []string) int {
	var code exitCode
	cmd, args, err := p.choose(args)
	if err == nil {
		err = cmd.run(p, ctx, args)
	}
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errUsage):
		return exitUsage
	case errors.Is(err, errFailed):
		return exitFail
	case errors.As(err, &code):
		return int(code)
	}
	fmt.Fprintf(p.stderr, "quatrain: %v\n", err)
	return exitFail
}

// choose finds the command. Flags before any word belong to the first one.
func (p *program) choose(args []string) (command, []string, error) {
	all := commands()
	if len(args) == 0 || strings.HasPrefix(args[0], "-") && !isHelp(args[0]) {
		return all[0], args, nil
	}
	if isHelp(args[0]) {
		p.usage(p.stdout)
		return command{}, nil, flag.ErrHelp
	}
	for _, c := range all {
		if c.name == args[0] {
			return c, args[1:], nil
		}
	}
	if name, isModule := strings.CutPrefix(args[0], moduleWord); isModule && name != "" {
		return command{name: args[0], run: moduleCommand(name)}, args[1:], nil
	}
	fmt.Fprintf(p.stderr, "quatrain: unknown command %q\n\n", args[0])
	p.usage(p.stderr)
	return command{}, nil, errUsage
}

func isHelp(word string) bool {
	return word == "help" || word == "-h" || word == "-help" || word == "--help"
}

func (p *program) usage(w io.Writer) {
	fmt.Fprint(w, "Usage: quatrain [COMMAND] [OPTIONS]\n\nCommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-42s %s\n", strings.TrimSpace(c.name+" "+c.args), c.summary)
	}
	fmt.Fprint(w, "\n\"quatrain COMMAND --help\" lists the options of a command.\n")
}

// flags makes the option set of a command; mistakes are printed with its usage.
func (p *program) flags(name string) *flag.FlagSet {
	fs := flag.NewFlagSet("quatrain "+name, flag.ContinueOnError)
	fs.SetOutput(p.stderr)
	fs.Usage = func() {
		for _, c := range commands() {
			if c.name == name {
				fmt.Fprintf(p.stderr, "Usage: quatrain %s %s\n\nTo %s.\n", c.name, c.args, c.summary)
			}
		}
		fs.PrintDefaults()
	}
	return fs
}

// parse reads the options. The flag package has printed what is wrong.
func parse(fs *flag.FlagSet, args []string) error {
	err := fs.Parse(args)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		return errUsage
	}
	return err
}

// parseOnly reads the options of a command that takes nothing else.
func parseOnly(fs *flag.FlagSet, args []string) error {
	if err := parse(fs, args); err != nil {
		return err
	}
	if fs.NArg() > 0 {
		return misuse(fs, "unexpected argument %q", fs.Arg(0))
	}
	return nil
}

// misuse prints what is wrong with the arguments, and the usage.
func misuse(fs *flag.FlagSet, format string, args ...any) error {
	fmt.Fprintf(fs.Output(), format+"\n", args...)
	fs.Usage()
	return errUsage
}
