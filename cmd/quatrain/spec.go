package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"quatrain/spec"
)

// specOptions are the options of "quatrain spec".
type specOptions struct {
	server    string
	config    string
	directTLS bool
	register  bool
	timeout   time.Duration
	runtimes  runtimes
}

// runtimes is how the server that is made runs its plugins.
type runtimes struct {
	of        map[string]string // "lua" or "go", by plugin
	inProcess bool
}

// Set takes NAME=RUNTIME.
func (r *runtimes) Set(text string) error {
	name, runtime, ok := strings.Cut(text, "=")
	if !ok || runtime != "lua" && runtime != "go" {
		return errors.New(`want NAME=lua or NAME=go`)
	}
	if r.of == nil {
		r.of = map[string]string{}
	}
	r.of[name] = runtime
	return nil
}

func (r *runtimes) String() string { return "" }

func (o *specOptions) define(flags *flag.FlagSet) {
	flags.StringVar(&o.server, "server", "", "`host:port` of the server to talk to (one made for each script)")
	flags.StringVar(&o.config, "config", "", "configuration `file` of the server that is made (plugins.toml beside the script or above, else built-in)")
	flags.BoolVar(&o.directTLS, "direct-tls", false, "start with TLS instead of STARTTLS")
	flags.BoolVar(&o.register, "register", true, "register accounts that the server does not know, if it allows that")
	flags.Var(&o.runtimes, "runtime", "how to run a plugin, as `NAME=lua` or NAME=go; may be given several times (the configuration says)")
	flags.BoolVar(&o.runtimes.inProcess, "in-process", false, "run plugins written in Go in the server's own process")
	flags.DurationVar(&o.timeout, "timeout", spec.DefaultTimeout, "how long to wait for an expected stanza")
}

// spec plays scripts one after the other and reports those that fail.
func (p *program) spec(ctx context.Context, args []string) error {
	flags := p.flags("spec")
	var o specOptions
	o.define(flags)
	if err := parse(flags, args); err != nil {
		return err
	}
	files, err := scriptFiles(flags.Args())
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return misuse(flags, "no script given")
	}
	failed := 0
	for _, file := range files {
		if err := p.playFile(ctx, &o, file); err != nil {
			fmt.Fprintf(p.stdout, "FAIL %s\n%v\n", file, err)
			failed++
			continue
		}
		fmt.Fprintf(p.stdout, "ok   %s\n", file)
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d scripts failed", failed, len(files))
	}
	return nil
}

func (p *program) playFile(ctx context.Context, o *specOptions, file string) error {
	src, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	script, err := spec.Parse(file, src)
	if err != nil {
		return err
	}
	return p.play(ctx, o, script, string(src))
}

// play runs a script, whose text is src, against the server given, or one of its own.
func (p *program) play(ctx context.Context, o *specOptions, script *spec.Script, src string) error {
	player := spec.Player{Timeout: o.timeout, Register: o.register}
	switch {
	case o.server == "":
		return p.playAlone(ctx, o, player, script, src)
	case o.directTLS:
		player.Dial = spec.DirectTLS(o.server, nil)
	default:
		player.Dial = spec.TCP(o.server)
	}
	return player.Play(ctx, script)
}

func (p *program) playAlone(ctx context.Context, o *specOptions, player spec.Player, script *spec.Script, src string) error {
	config := o.config
	if config == "" {
		config = configFor(script.Name)
	}
	server, err := p.newEphemeral(ctx, config, o.runtimes, o.serves(script.Name, src))
	if err != nil {
		return err
	}
	player.Dial, player.Register = server.dial(), false
	if err = server.admit(ctx, script); err == nil {
		err = player.Play(ctx, script)
	}
	return errors.Join(err, server.close(ctx))
}

// serves are the hosts that a script's server serves: all of them, unless the configuration goes with a folder of scripts. Then it may have a host
// for each of them, with processes that take time to start, and only the hosts are served that a script names, and those above.
func (o *specOptions) serves(name, src string) func(host string) bool {
	if o.config != "" || configFor(name) == "" {
		return nil
	}
	return func(host string) bool { return strings.Contains(src, host) || !strings.Contains(host, ".") }
}

// scriptFiles replaces folders by the scripts below them.
func scriptFiles(args []string) ([]string, error) {
	var files []string
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, arg)
			continue
		}
		err = filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(path, ".scs") {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}
