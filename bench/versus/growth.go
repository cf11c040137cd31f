package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"quatrain/bench/swarm"
	"quatrain/sdk"
	"quatrain/sdk/serve"
)

// grow measures how the cost grows, on our own server.
func (p *plan) grow(ctx context.Context, dir string) (all []curve, err error) {
	families := []family{
		{curve{Title: "A copy in a room", Of: "occupants", Unit: "CPU µs"}, []string{"quatrain-go", "quatrain-lua"}, []int{10, 50, 200, 1000, 2000}, crowdedRoom},
		{curve{Title: "A message in one of many rooms", Of: "rooms", Unit: "CPU µs"}, []string{"quatrain-go", "quatrain-lua"}, []int{10, 100, 1000, 10000}, manyRooms},
		{curve{Title: "A message, modules loaded that do not hook it", Of: "modules", Unit: "CPU µs"}, []string{"quatrain-go", "quatrain-lua"}, []int{0, 10, 100}, withIdlers},
		{curve{Title: "Memory of an idle session", Of: "sessions", Unit: "KB"}, []string{"quatrain-go"}, []int{100, 1000, 3000, 10000}, sleepingSessions},
	}
	for _, f := range families {
		c := f.curve
		for _, name := range f.servers {
			s := series{Server: name}
			for _, n := range f.numbers {
				value, err := f.measure(ctx, p, name, n, filepath.Join(dir, fmt.Sprintf("growth-%s-%s-%d", f.curve.Of, name, n)))
				if err != nil {
					return nil, fmt.Errorf("%s, %d %s, on %s: %w", f.curve.Title, n, f.curve.Of, name, err)
				}
				fmt.Fprintf(os.Stderr, "%s\t%s\t%d %s\t%.2f %s\n", c.Title, name, n, c.Of, value, c.Unit)
				s.Points = append(s.Points, point{n, value})
			}
			c.Series = append(c.Series, s)
		}
		all = append(all, c)
	}
	return all, nil
}

// family is one curve and how its points are measured.
type family struct {
	curve   curve
	servers []string
	numbers []int
	measure func(ctx context.Context, p *plan, server string, n int, dir string) (float64, error)
}

// playOn starts one of our servers for a scenario.
func (p *plan) playOn(ctx context.Context, server, dir string, o options, play player) (result, error) {
	on, _ := serverOf(server)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return result{}, err
	}
	process, err := p.start(ctx, on, dir, o)
	if err != nil {
		return result{}, err
	}
	defer process.stop()
	return play(ctx, process, p.length)
}

// crowdedRoom is the cost of a copy in a room of n, of whom five talk. Presences of those who only listen are not broadcast there, so that it fills in time.
func crowdedRoom(ctx context.Context, p *plan, server string, n int, dir string) (float64, error) {
	r, err := p.playOn(ctx, server, dir, p.options, func(ctx context.Context, process *process, length time.Duration) (result, error) {
		h, err := newHall(process, 1, 0, 0)
		if err != nil {
			return result{}, err
		}
		defer h.swarm.Close()
		h.people, h.fields = int64(n), unheralded
		for i := range n {
			if err := h.add("coven0", fmt.Sprint("nick", i), i == 0, i < 5); err != nil {
				return result{}, err
			}
		}
		return measured(ctx, process, length, &h.copies, &h.watch, h.talk)
	})
	return r.CPU, err
}

const (
	talkers = 50 // sessions that talk in many rooms
	history = 20 // messages that a room keeps
)

// manyRooms is the cost of a message, copies to two included, where sessions talk in one of their rooms after the other, n rooms altogether. What is
// measured begins when their histories are full, as before that each message stays in memory and makes it grow.
func manyRooms(ctx context.Context, p *plan, server string, n int, dir string) (float64, error) {
	r, err := p.playOn(ctx, server, dir, p.options, func(ctx context.Context, process *process, length time.Duration) (result, error) {
		h, err := newHall(process, 0, 2, 0)
		if err != nil {
			return result{}, err
		}
		defer h.swarm.Close()
		if err := h.spread(n); err != nil {
			return result{}, err
		}
		if err := h.talkUntil(ctx, h.people*int64(n*history)); err != nil {
			return result{}, err
		}
		length *= time.Duration(max(1, n/1000)) // a large heap is collected seldom, and its share must be in it
		return measured(ctx, process, length, &h.copies, &h.watch, h.talk)
	})
	return r.CPU * 2, err
}

// spread lets sessions enter n rooms, two in each, of whom the first one talks.
func (h *hall) spread(n int) error {
	logins := make([]*swarm.Login, talkers)
	texts := make([][][]byte, talkers)
	for i := range logins {
		var err error
		if logins[i], err = h.anonymous(); err != nil {
			return err
		}
	}
	for r := range n {
		room, first := fmt.Sprint("coven", r), r%talkers
		if err := enter(logins[first], room, "first", true); err != nil {
			return err
		}
		if err := enter(logins[(first+1)%talkers], room, "second", false); err != nil {
			return err
		}
		texts[first] = append(texts[first], words(room, markOf(fmt.Sprint("talker", first))))
	}
	for i, l := range logins {
		if err := h.watchOver(l, fmt.Sprint("talker", i), texts[i]); err != nil {
			return err
		}
	}
	return nil
}

// withIdlers is the cost of a message from one to another while n modules are loaded that have nothing to do with it: Lua modules, or programs.
func withIdlers(ctx context.Context, p *plan, server string, n int, dir string) (float64, error) {
	o := p.options
	o.idlers, o.programs = n, server == "quatrain-go"
	r, err := p.playOn(ctx, server, dir, o, chat(50))
	return r.CPU, err
}

// sleepingSessions is the memory that each of n sessions takes.
func sleepingSessions(ctx context.Context, p *plan, server string, n int, dir string) (float64, error) {
	r, err := p.playOn(ctx, server, dir, p.options, idle(n, false))
	return r.Idle, err
}

// idlerRole as an argument makes this program a plugin that hooks what never happens.
const idlerRole = "idler"

type idler struct{}

func (idler) Load(_ context.Context, m sdk.Module) error {
	m.Hook("bench-never", 0, func(context.Context, *sdk.Event) (any, error) { return nil, nil })
	return nil
}

func serveIdler() { serve.Plugin(func() sdk.Plugin { return idler{} }) }

// idlers are n modules that hook what never happens: their names, and what the configuration says about them.
func idlers(dir string, n int, programs bool) (names []string, sections string, err error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	var b strings.Builder
	for i := range n {
		name := fmt.Sprint("bench_idler", i)
		names = append(names, name)
		if programs {
			fmt.Fprintf(&b, "[plugin.%s]\ncommand = [%q, %q]\n", name, exe, idlerRole)
			continue
		}
		if _, err := write(dir, "mod_"+name+".lua", "module:hook(\"bench-never\", function () return true; end);\n"); err != nil {
			return nil, "", err
		}
	}
	return names, b.String(), nil
}
