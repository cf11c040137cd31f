package muccore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"quatrain/sdk"
)

// Commands for the shell of whoever runs the server (M186).

func (s *service) loadAdminShell(ctx context.Context) error {
	room := argument("room_jid", "string")
	filter := argument("filter", "string")
	s.addShellCommand(ctx, "create", "Make a room with these settings", s.shellCreate, room, argument("config", "table"))
	s.addShellCommand(ctx, "list", "List the rooms of a service", s.shellList, argument("host", "string"), filter)
	s.addShellCommand(ctx, "room", "Describe a room", s.inNamed(s.shellRoom), room)
	s.addShellCommand(ctx, "occupants", "List who is in a room", s.inNamed(s.shellOccupants), room, filter)
	s.addShellCommand(ctx, "affiliations", "List who is something to a room", s.inNamed(s.shellAffiliations), room, filter)
	return nil
}

// shell is where a command prints to.
type shell struct {
	width int // characters, 0 if it is not known
	print sdk.Function
}

func (sh shell) say(ctx context.Context, line string) error {
	if sh.print == nil {
		return nil
	}
	_, err := sh.print.Call(ctx, line)
	return err
}

// shellCommand does what is asked for, and returns what the shell says then: the handler's first result and a message. The error is a text for
// whoever asked.
type shellCommand func(ctx context.Context, sh shell, args []any) (result any, message string, err error)

func argument(name, kind string) any { return map[string]any{"name": name, "type": kind} }

// addShellCommand offers a command. The first argument says which service is meant.
func (s *service) addShellCommand(ctx context.Context, name, desc string, do shellCommand, args ...any) {
	selector := args[0].(map[string]any)["name"]
	s.m.AddItem(ctx, "shell-command", newRecord("command", map[string]any{
		"section": "muc", "section_desc": "Make, list and manage rooms",
		"name": name, "desc": desc, "args": args, "host_selector": selector,
		"handler": sdk.Func(do.handle),
	}))
}

// handle: self, arguments … → result, message; or nil, problem.
func (do shellCommand) handle(ctx context.Context, args ...any) ([]any, error) {
	session, err := sdk.Field(ctx, first(args), "session")
	if err != nil {
		return nil, err
	}
	var sh shell
	if width, err := sdk.Field(ctx, session, "width"); err == nil {
		w, _ := width.(float64)
		sh.width = int(w)
	}
	if print, err := sdk.Field(ctx, session, "print"); err == nil {
		sh.print, _ = print.(sdk.Function)
	}
	result, message, err := do(ctx, sh, args[min(1, len(args)):])
	if err != nil {
		return []any{nil, err.Error()}, nil
	}
	return []any{result, message}, nil
}

// inNamed makes a command of one that begins with entering the room that its first argument names.
func (s *service) inNamed(do func(ctx context.Context, sh shell, r *Room, args []any) (any, string, error)) shellCommand {
	return func(ctx context.Context, sh shell, args []any) (any, string, error) {
		ctx, r, leave, err := s.enterNamed(ctx, first(args))
		if err != nil {
			return nil, "", err
		}
		defer leave()
		return do(ctx, sh, r, args[1:])
	}
}

// printRows prints rows in the order of the cells with number sortBy. filter is the value of the first column, or part of one of the others; "" for all. The message
// counts them.
func printRows(ctx context.Context, sh shell, columns []shellColumn, rows [][]string, sortBy int, filter, what string) (any, string, error) {
	slices.SortFunc(rows, func(a, b []string) int { return strings.Compare(a[sortBy], b[sortBy]) })
	table, count := newShellTable(columns, sh.width), 0
	for _, row := range rows {
		if !isWanted(row, filter) {
			continue
		}
		if count == 0 {
			if err := sh.say(ctx, table.titles(columns)); err != nil {
				return nil, "", err
			}
		}
		count++
		if err := sh.say(ctx, table.line(row)); err != nil {
			return nil, "", err
		}
	}
	if filter != "" {
		return true, fmt.Sprintf("%d of %d %s", count, len(rows), what), nil
	}
	return true, fmt.Sprintf("%d %s", len(rows), what), nil
}

func isWanted(row []string, filter string) bool {
	return filter == "" || row[0] == filter ||
		slices.ContainsFunc(row[1:], func(cell string) bool { return strings.Contains(cell, filter) })
}

func (s *service) shellCreate(ctx context.Context, _ shell, args []any) (any, string, error) {
	jid, err := s.checkRoomJID(first(args))
	if err != nil {
		return nil, "", err
	}
	config, err := plainTable(ctx, nth(args, 1))
	if err == nil {
		_, err = s.createRoom(ctx, jid, config)
	}
	switch {
	case errors.Is(err, errInvalidJID):
		return nil, "", toAdmin("%s is not the address of a room", jid)
	case errors.Is(err, errExists):
		return nil, "", toAdmin("%s exists already, or did until recently", jid)
	case err != nil:
		return nil, "", toAdmin("%s was not made", jid)
	}
	return true, "Made " + jid, nil
}

func (s *service) shellList(ctx context.Context, sh shell, args []any) (any, string, error) {
	var rows [][]string
	for jid, name := range s.allNames(ctx) {
		rows = append(rows, []string{jid, name})
	}
	columns := []shellColumn{{title: "Room", share: 60}, {title: "Name", share: 40}}
	return printRows(ctx, sh, columns, rows, 0, text(nth(args, 1)), "rooms")
}

// shellRoom returns the room, so that a shell may call its methods.
func (s *service) shellRoom(ctx context.Context, sh shell, r *Room, _ []any) (any, string, error) {
	name, err := r.getText(ctx, "name")
	if err != nil {
		return nil, "", err
	}
	if name == "" {
		name = "-"
	}
	lines := []string{"Name: " + name}
	for _, fact := range []struct{ title, setting string }{
		{"Public", "public"}, {"Persistent", "persistent"}, {"For members only", "members_only"}, {"Moderated", "moderated"},
	} {
		holds, err := r.getFlag(ctx, fact.setting)
		if err != nil {
			return nil, "", err
		}
		answer := "no"
		if holds {
			answer = "yes"
		}
		lines = append(lines, fact.title+": "+answer)
	}
	for _, line := range lines {
		if err := sh.say(ctx, line); err != nil {
			return nil, "", err
		}
	}
	return r, fmt.Sprintf("%s: %d occupants, %d affiliations", r.jid, len(r.occupants), len(r.affiliations)), nil
}

func (s *service) shellOccupants(ctx context.Context, sh shell, r *Room, args []any) (any, string, error) {
	rows := make([][]string, 0, len(r.occupants))
	for nick, o := range r.occupants {
		rows = append(rows, []string{written(o.role), resourceOf(nick), o.bareJID})
	}
	columns := []shellColumn{{title: "Role", width: 12}, {title: "Nick", share: 40}, {title: "JID", share: 60}}
	return printRows(ctx, sh, columns, rows, 2, text(first(args)), "occupants")
}

func (s *service) shellAffiliations(ctx context.Context, sh shell, r *Room, args []any) (any, string, error) {
	rows := make([][]string, 0, len(r.affiliations))
	for jid, affiliation := range r.affiliations {
		rows = append(rows, []string{affiliation, jid})
	}
	columns := []shellColumn{{title: "Affiliation", width: 12}, {title: "JID", share: 100}}
	return printRows(ctx, sh, columns, rows, 1, text(first(args)), "affiliations")
}
