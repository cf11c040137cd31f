package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"quatrain/host"
)

// moduleCommandScript is Lua that loads a module without a host, calls its command function with the arguments, and returns its outcome. What it calls
// finds prosody.process_type as Prosody's command line sets it.
//
//go:embed modulecommand.lua
var moduleCommandScript []byte

// moduleWord is how a command begins that a Lua module has for the command line: mod_NAME.
const moduleWord = "mod_"

// moduleCommand runs the function module.command of a Lua module (https://prosody.im/doc/developers/moduleapi), in a server that does not listen. A number that it
// returns is the exit code; false, or nil and a message, is a failure.
func moduleCommand(name string) func(*program, context.Context, []string) error {
	return func(p *program, ctx context.Context, args []string) error {
		own, args := splitOptions(args)
		flags := p.flags(moduleWord + name)
		var s settings
		s.define(flags)
		if err := parseOnly(flags, own); err != nil {
			return err
		}
		srv, err := p.quietServer(ctx, &s, "")
		if errors.Is(err, host.ErrLocked) {
			return fmt.Errorf("%w; a module's command takes the data for itself: stop that server meanwhile, or look whether \"quatrain shell\" can do it", err)
		}
		if err != nil {
			return err
		}
		defer srv.Stop(ctx, "the command has ended")
		results, err := srv.Console(ctx, name, args).Run(ctx, moduleCommandScript, "=command")
		if err != nil {
			return err
		}
		return commandOutcome(results)
	}
}

// splitOptions takes what belongs to the server from the front: --config FILE, --data DIR and the like. What follows, or what stands after "--", is the module's.
func splitOptions(args []string) (own, rest []string) {
	for len(args) > 0 {
		name, _, joined := strings.Cut(strings.TrimLeft(args[0], "-"), "=")
		switch {
		case args[0] == "--":
			return own, args[1:]
		case !strings.HasPrefix(args[0], "-"), name != "config" && name != "data":
			return own, args
		case joined || len(args) == 1:
			own, args = append(own, args[0]), args[1:]
		default:
			own, args = append(own, args[:2]...), args[2:]
		}
	}
	return own, nil
}

// needName is what the word of the usage text does.
func (p *program) needName(context.Context, []string) error {
	fmt.Fprintln(p.stderr, "want the name of a module, as in: quatrain mod_NAME")
	return errUsage
}

// exitCode is a command that ends with a code of its own and has said why.
type exitCode int

func (c exitCode) Error() string { return "exit code " + strconv.Itoa(int(c)) }

func commandOutcome(results []string) error {
	if len(results) == 0 || results[0] == "true" || results[0] == "nil" && len(results) == 1 {
		return nil
	}
	if code, err := strconv.Atoi(results[0]); err == nil {
		if code == exitOK {
			return nil
		}
		return exitCode(code)
	}
	if (results[0] == "nil" || results[0] == "false") && len(results) > 1 {
		return fmt.Errorf("%s", strings.Join(results[1:], " "))
	}
	if results[0] == "false" {
		return exitCode(exitFail)
	}
	return nil
}
