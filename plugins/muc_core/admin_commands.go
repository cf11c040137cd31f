package muccore

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"quatrain/sdk"
	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
)

// Commands for admins of the service (XEP-0050; M185). What a command is, and what its handler gets and returns, says the README of adhoc.

const commandPrefix = "http://prosody.im/protocol/muc#"

func (s *service) loadAdminCommands(ctx context.Context) error {
	if adhoc, err := s.m.Depends(ctx, "adhoc", true); adhoc == nil || err != nil {
		return err // nil: the operator has disabled it
	}
	s.addCommand(ctx, formCommand{
		name: "Destroy rooms", node: commandPrefix + "destroy", layout: destroyLayout(), prepare: s.offerRooms, act: s.destroyRooms})
	s.addCommand(ctx, formCommand{
		name: "Set an affiliation", node: commandPrefix + "set-affiliation", layout: affiliationLayout(), act: s.setNamedAffiliation})
	return nil
}

// formCommand is a command that shows one form and acts on it.
type formCommand struct {
	name, node string
	layout     *formLayout
	// prepare completes the form before it is shown; may be nil.
	prepare func(ctx context.Context, layout *formLayout)
	// act is called with a form without mistakes, and returns the answer: a table as handlers of commands return it.
	act func(ctx context.Context, values map[string]any, admin string) map[string]any
}

// addCommand offers a command to admins.
func (s *service) addCommand(ctx context.Context, c formCommand) {
	s.m.DefaultPermission("prosody:admin", "adhoc:"+c.node)
	s.m.AddItem(ctx, "adhoc-provider", newRecord("command", map[string]any{
		"name": c.name, "node": c.node, "permission": "check", "_provided_by": s.m.Name(),
		"handler": sdk.Func(c.handle),
	}))
}

// handle: command, data, state → answer, state.
func (c formCommand) handle(ctx context.Context, args ...any) ([]any, error) {
	data, state := nth(args, 1), nth(args, 2)
	form, err := sdk.Field(ctx, data, "form")
	if err != nil {
		return nil, err
	}
	x, _ := form.(*stanza.Element)
	if state == nil && x == nil {
		return []any{c.show(ctx), "executing"}, nil
	}
	if sdk.Text(ctx, data, "action") == "cancel" {
		return []any{map[string]any{"status": "canceled"}}, nil
	}
	if x == nil {
		x = stanza.New("x", nsData)
	}
	filled := c.layout.data(x)
	if len(filled.faults) > 0 {
		return []any{failed(c.faultText(filled.faults))}, nil
	}
	return []any{c.act(ctx, filled.values, sdk.Text(ctx, data, "from"))}, nil
}

func (c formCommand) show(ctx context.Context) map[string]any {
	layout := *c.layout
	layout.fields = slices.Clone(layout.fields)
	if c.prepare != nil {
		c.prepare(ctx, &layout)
	}
	return map[string]any{
		"status": "executing", "form": layout.element(nil, dataform.TypeForm),
		"actions": sdk.NewTable([]any{"next", "complete"}, map[string]any{"default": "complete"}),
	}
}

func (c formCommand) faultText(faults []formFault) string {
	lines := make([]string, 0, len(faults))
	for _, fault := range faults {
		at := slices.IndexFunc(c.layout.fields, func(f layoutField) bool { return f.name == fault.name })
		lines = append(lines, c.layout.fields[at].label+": "+fault.reason)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func failed(text string) map[string]any {
	return map[string]any{"status": "completed", "error": map[string]any{"message": text}}
}

func commandFormType(name string) layoutField {
	return layoutField{name: dataform.FormType, typ: dataform.Hidden, value: commandPrefix + name}
}

func destroyLayout() *formLayout {
	return &formLayout{
		title:        "Destroy rooms",
		instructions: "Choose the rooms that are to end. Whoever is in them has to leave.",
		fields: []layoutField{
			commandFormType("destroy"),
			{name: "rooms", typ: dataform.ListMulti, label: "Rooms", required: true},
			{name: "reason", typ: dataform.TextSingle, label: "Reason"},
			{name: "alternative", typ: dataform.JIDSingle, label: "Room to go to instead"},
		},
	}
}

func (s *service) offerRooms(ctx context.Context, layout *formLayout) {
	names := s.allNames(ctx)
	options := make([]dataform.Option, 0, len(names))
	for _, jid := range slices.Sorted(maps.Keys(names)) {
		label := jid
		if names[jid] != "" {
			label = fmt.Sprintf("%s (%s)", names[jid], jid)
		}
		options = append(options, dataform.Option{Value: jid, Label: label})
	}
	layout.fields[1].options = options
}

// destroyNamed destroys a room; the error is a text for the admin.
func (s *service) destroyNamed(ctx context.Context, room any, reason, alternative string) (string, error) {
	ctx, r, leave, err := s.enterNamed(ctx, room)
	if err != nil {
		return "", err
	}
	defer leave()
	err = r.destroy(ctx, alternative, reason, "")
	if e := refusedWith(err); e != nil {
		return "", toAdmin("%s was not destroyed: %s", r.jid, e.Condition)
	}
	if err != nil {
		s.log.Error("a room was not destroyed", "jid", r.jid, "err", err)
		return "", toAdmin("%s was not destroyed: %s", r.jid, stanza.InternalServerError)
	}
	return r.jid, nil
}

func (s *service) destroyRooms(ctx context.Context, values map[string]any, admin string) map[string]any {
	var destroyed, problems []string
	rooms, _ := values["rooms"].([]any)
	for _, room := range rooms {
		jid, err := s.destroyNamed(ctx, room, text(values["reason"]), text(values["alternative"]))
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		s.log.Info(fmt.Sprintf("%s destroyed the room %s", admin, jid))
		destroyed = append(destroyed, jid)
	}
	answer := map[string]any{"status": "completed"}
	if len(destroyed) > 0 {
		answer["info"] = "Destroyed:\n" + strings.Join(destroyed, "\n")
	}
	if len(problems) > 0 {
		answer["error"] = map[string]any{"message": strings.Join(problems, "\n")}
	}
	return answer
}

func affiliationLayout() *formLayout {
	choices := []string{owner, admin, member, none, outcast}
	options := make([]dataform.Option, len(choices))
	for i, c := range choices {
		options[i] = dataform.Option{Value: c, Label: c}
	}
	return &formLayout{
		title:        "Set an affiliation",
		instructions: "Say what somebody is to a room. It is done as by the service itself.",
		fields: []layoutField{
			commandFormType("set-affiliation"),
			{name: "room", typ: dataform.JIDSingle, label: "Room", required: true},
			{name: "jid", typ: dataform.JIDSingle, label: "Who", required: true},
			// Profanity shows no choices without a value.
			{name: "affiliation", typ: dataform.ListSingle, label: "Affiliation", required: true, value: member, options: options},
			{name: "reason", typ: dataform.TextSingle, label: "Reason"},
		},
	}
}

func (s *service) setNamedAffiliation(ctx context.Context, values map[string]any, who string) map[string]any {
	jid, affiliation := bareOf(text(values["jid"])), text(values["affiliation"])
	ctx, r, leave, err := s.enterNamed(ctx, values["room"])
	if err != nil {
		return failed(err.Error())
	}
	defer leave()
	if !isAffiliation(affiliation) {
		return failed("Affiliation: want owner, admin, member, none or outcast, got " + affiliation)
	}
	if affiliation != owner && r.isOnlyOwner(jid) {
		// The service may (M146), but then nobody could configure the room any longer.
		return failed(fmt.Sprintf("%s is the only owner of %s", jid, r.jid))
	}
	err = r.setAffiliation(ctx, byService, jid, unwritten(affiliation), text(values["reason"]), nil)
	if err != nil {
		condition := stanza.InternalServerError
		if e := refusedWith(err); e != nil {
			condition = e.Condition
		} else {
			s.log.Error("an affiliation was not set", "jid", r.jid, "err", err)
		}
		return failed(fmt.Sprintf("%s is not %s in %s: %s", jid, affiliation, r.jid, condition))
	}
	s.log.Info(fmt.Sprintf("%s made %s %s in %s", who, jid, affiliation, r.jid))
	return map[string]any{"status": "completed", "info": fmt.Sprintf("%s is now %s in %s", jid, affiliation, r.jid)}
}
