// Command versus measures servers side by side: Debian's Prosody and ejabberd, which must be installed, and ours. It starts each on loopback with
// lean settings and no limits, one after the other, several times, and shows the median of what each scenario took.
//
//	go run ./bench/versus --growth --keep                      everything, and the documents are made of it
//	go run ./bench/versus --pin=false --rounds 1 --keep        once more with all cores for everybody
//	go run ./bench/versus --scenarios fanout,join --rounds 1   a part of it
//	go run ./bench/versus --scenarios none --growth            how the cost grows, on our server only
//	go run ./bench/versus --write-docs                         the documents of the results that are kept
//	go run ./bench/versus --list                               what there is
//
// With --pin (the default) a server gets one core, and the clients the others.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == idlerRole {
		serveIdler()
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "versus:", err)
		os.Exit(1)
	}
}

// plan is what is to be measured.
type plan struct {
	scenarios []scenario
	servers   []server
	rounds    int
	length    time.Duration
	options   options
	growth    bool
	keep      bool
	json, svg string
}

// docs is where the documents are, from the module's root.
const docs = "docs"

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("versus", flag.ContinueOnError)
	p := plan{}
	names := flags.String("scenarios", "all", "scenarios to play, separated by commas, or none")
	against := flags.String("servers", "all", "servers to measure, separated by commas")
	serve := flags.Bool("serve", false, "start the one server of --servers as it would be measured, and wait for an interrupt")
	list := flags.Bool("list", false, "list scenarios and servers")
	flags.IntVar(&p.rounds, "rounds", 3, "how often each server plays each scenario")
	flags.DurationVar(&p.length, "length", 2*time.Second, "how long a scenario is measured; open loops twice as long")
	flags.BoolVar(&p.options.pinned, "pin", true, "give the server one core and the clients the others")
	flags.StringVar(&p.options.library, "prosody-modules", "/usr/lib/prosody/modules", "where Prosody's modules are")
	flags.StringVar(&p.json, "json", "", "write the results into this file")
	flags.StringVar(&p.svg, "plot", "", "write a plot into this file (SVG)")
	flags.BoolVar(&p.growth, "growth", false, "measure how the cost grows, too")
	flags.BoolVar(&p.keep, "keep", false, "write the results into docs/performance, and make plots and tables there of them; in the module's root")
	render := flags.Bool("write-docs", false, "make plots and tables of the results in docs/performance, without measuring")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *list {
		return show()
	}
	if *render {
		return writeDocs(docs)
	}
	if err := p.choose(*names, *against); err != nil {
		return err
	}
	if err := manyFiles(); err != nil {
		return err
	}
	if p.options.pinned {
		if err := moveAside(); err != nil {
			return err
		}
	}
	if *serve {
		return p.prepared(func(dir string) error { return p.serve(ctx, dir) })
	}
	return p.prepared(func(dir string) error { return p.run(ctx, dir) })
}

// prepared builds our server for f, in a directory that is removed after it.
func (p *plan) prepared(f func(dir string) error) error {
	dir, err := os.MkdirTemp("", "versus-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if p.options.binary, err = build(dir); err != nil {
		return err
	}
	return f(dir)
}

// serve starts a server so that one can look at it.
func (p *plan) serve(ctx context.Context, dir string) error {
	process, err := p.start(ctx, p.servers[0], dir, p.options)
	if err != nil {
		return err
	}
	defer process.stop()
	fmt.Println(p.servers[0].name, "listens on", process.address, "and has its files in", dir)
	<-ctx.Done()
	return nil
}

func show() error {
	for _, s := range scenarios {
		fmt.Printf("%-12s %s\n", s.name, s.summary)
	}
	for _, s := range servers {
		fmt.Println(s.name)
	}
	return nil
}

func (p *plan) choose(names, against string) error {
	for _, s := range scenarios {
		if names == "all" {
			p.scenarios = append(p.scenarios, s)
		}
	}
	for _, s := range servers {
		if against == "all" {
			p.servers = append(p.servers, s)
		}
	}
	for _, name := range listed(names) {
		s, found := scenarioOf(name)
		if !found {
			return fmt.Errorf("there is no scenario %q; --list shows them", name)
		}
		p.scenarios = append(p.scenarios, s)
	}
	for _, name := range listed(against) {
		s, found := serverOf(name)
		if !found {
			return fmt.Errorf("there is no server %q; --list shows them", name)
		}
		p.servers = append(p.servers, s)
	}
	return nil
}

func listed(names string) []string {
	if names == "all" || names == "none" {
		return nil
	}
	return strings.Split(names, ",")
}

func (p *plan) run(ctx context.Context, dir string) error {
	r, began := newReport(), time.Now()
	r.Machine, r.Pinned, r.Rounds, r.Length = thisMachine(), p.options.pinned, p.rounds, p.length.Seconds()
	failed := p.compare(ctx, dir, r)
	if p.growth && ctx.Err() == nil {
		var err error
		r.Growth, err = p.grow(ctx, dir)
		failed = errors.Join(failed, err)
	}
	r.Took = time.Since(began).Seconds()
	return errors.Join(failed, p.tell(r))
}

// tell prints a report and writes it where it is wanted.
func (p *plan) tell(r *report) error {
	fmt.Printf("%s\n%s\n%s%s", r.circumstances(), r.summary(), r.details(), tables(r.Growth))
	if p.json != "" {
		if err := r.save(p.json); err != nil {
			return err
		}
	}
	if p.svg != "" {
		if err := os.WriteFile(p.svg, r.bars(), 0o644); err != nil {
			return err
		}
	}
	if p.keep {
		return keep(docs, r, !p.growth || len(p.scenarios) < len(scenarios) || len(p.servers) < len(servers))
	}
	return nil
}

// compare plays each scenario on each server, by turns. One that fails on one server does not keep the others from being measured.
func (p *plan) compare(ctx context.Context, dir string, all *report) (failed error) {
	for _, s := range p.scenarios {
		for round := range p.roundsOf(s) {
			for _, on := range p.servers {
				if on.lacks[s.name] != "" {
					continue
				}
				r, err := p.once(ctx, s, on, filepath.Join(dir, fmt.Sprintf("%s-%s-%d", s.name, on.name, round)))
				if ctx.Err() != nil {
					return errors.Join(failed, ctx.Err())
				}
				if err != nil {
					failed = errors.Join(failed, fmt.Errorf("%s on %s: %w", s.name, on.name, err))
					continue
				}
				all.add(s.name, on.name, r)
				fmt.Fprintf(os.Stderr, "%s\t%s\t%.2f µs (clients %.2f)\t%.0f/s\tp99 %.2f ms\t%.1f KB\n", s.name, on.name, r.CPU, r.Client, r.PerSecond, r.P99, r.Idle)
			}
		}
	}
	return failed
}

func (p *plan) roundsOf(s scenario) int {
	if s.once {
		return min(p.rounds, 1)
	}
	return p.rounds
}

// start runs a server with its data in a directory.
func (p *plan) start(ctx context.Context, on server, dir string, o options) (*process, error) {
	if err := certificates(certificatesIn(dir)); err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	return on.start(ctx, dir, address, o)
}

// once starts a server, plays a scenario on it, and stops it.
func (p *plan) once(ctx context.Context, s scenario, on server, dir string) (result, error) {
	o := p.options
	o.modules = s.modules
	process, err := p.start(ctx, on, dir, o)
	if err != nil {
		return result{}, err
	}
	defer process.stop()
	r, err := s.play(ctx, process, p.length)
	if err != nil {
		if output, failed := os.ReadFile(process.log.Name()); failed == nil {
			err = fmt.Errorf("%w\n%s", err, output[max(0, len(output)-2000):])
		}
	}
	return r, err
}
