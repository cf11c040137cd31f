package muccore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"quatrain/sdk"
	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
)

// The room's configuration (XEP-0045 #roomconfig, #createroom; M48–M54). The fields are the other facets' matter.

func (s *service) loadConfigForm(context.Context) error {
	s.configSection(100, "About the room")
	s.configSection(90, "Access")
	s.configSection(80, "Permissions")
	s.configSection(70, "Other")
	s.method("send_form", (*Room).sendForm)
	s.method("process_form", (*Room).processForm)
	return nil
}

// formTable is the form to be filled in, as a table that handlers and other plugins have made together. actor: a real JID; not everybody may
// set everything.
func (r *Room) formTable(ctx context.Context, actor string) (any, error) {
	if f := r.replaced("get_form_layout"); f != nil {
		results, err := f.Call(ctx, r, optional(actor))
		return first(results), err
	}
	return r.ownFormTable(ctx, actor)
}

func (r *Room) ownFormTable(ctx context.Context, actor string) (any, error) {
	form := newFormTable("Configuration of "+r.jid, "Fill in and submit this form to configure the room.", formType(nsRoomConfig))
	other, err := r.fire(ctx, r.newEvent("muc-config-form", nil, nil, "actor", optional(actor), "form", form))
	if err != nil || !isTrue(other) {
		return form, err
	}
	return other, nil
}

func (r *Room) formLayout(ctx context.Context, actor string) (*formLayout, error) {
	table, err := r.formTable(ctx, actor)
	if err != nil {
		return nil, err
	}
	return readLayout(ctx, table)
}

func (r *Room) sendForm(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	layout, err := r.formLayout(ctx, st.From())
	if err != nil {
		return false, err
	}
	query := stanza.New("query", nsOwner).AddChild(layout.element(nil, dataform.TypeForm))
	r.s.answer(ctx, origin, stanza.Reply(st).AddChild(query))
	return true, nil
}

func (r *Room) processForm(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	form := st.Tags[0].Child("x", nsData)
	switch form.Type() {
	case dataform.TypeCancel:
		return true, r.cancelForm(ctx, origin, st)
	case dataform.TypeSubmit:
		return true, r.submitForm(ctx, origin, st, form)
	}
	r.s.answerError(ctx, origin, st, refuse(stanza.Cancel, stanza.BadRequest, "A form is to be submitted or cancelled", r.jid))
	return true, nil
}

// cancelForm: who cancels the first configuration does not want the room (XEP-0045 #createroom-reserved).
func (r *Room) cancelForm(ctx context.Context, origin sdk.Session, st *stanza.Element) error {
	locked, err := r.isLocked(ctx)
	if err != nil {
		return err
	}
	if locked {
		if err := r.destroy(ctx, "", "", ""); err != nil {
			return r.answerFailure(ctx, origin, st, err)
		}
	}
	r.s.answer(ctx, origin, stanza.Reply(st))
	return nil
}

func (r *Room) submitForm(ctx context.Context, origin sdk.Session, st, form *stanza.Element) error {
	layout, err := r.formLayout(ctx, st.From())
	if err != nil {
		return err
	}
	filled := r.s.readSubmission(layout, form)
	if len(filled.faults) > 0 {
		r.s.answerError(ctx, origin, st, refuse(stanza.Cancel, stanza.BadRequest, faultText(filled.faults), r.jid))
		return nil
	}
	codes := sdk.NewTable(nil, nil)
	ev := r.submission(origin, st, sdk.NewTable(nil, filled.values), codes)
	err = r.changeTogether(ctx, func(ctx context.Context) error {
		if err := r.applyConfig(ctx, ev, layout, filled.present); err != nil {
			return err
		}
		r.saveLater()
		return nil
	})
	if err != nil {
		return r.answerFailure(ctx, origin, st, err)
	}
	r.s.answer(ctx, origin, stanza.Reply(st))
	return r.announceConfig(ctx, codes)
}

// readSubmission reads a submission. A form without any children is an instant room.
func (s *service) readSubmission(layout *formLayout, form *stanza.Element) filledForm {
	if len(form.Tags) == 0 {
		return filledForm{}
	}
	filled := layout.data(form)
	for i := range layout.fields {
		f := &layout.fields[i]
		if f.name == "" {
			continue
		}
		own := s.config.fields[f.name]
		if name, ok := filled.values[f.name].(string); ok && own.synonyms[name] != "" {
			filled.values[f.name] = own.synonyms[name]
		}
		value := filled.values[f.name]
		if t, ok := value.(string); ok && own.maxLength > 0 && isTooLong(t, own.maxLength) {
			filled.add(f.name, nil, fmt.Sprintf("more than %d characters", own.maxLength))
		}
		if filled.present[f.name] && f.offersNot(value, own) {
			filled.add(f.name, nil, "none of the options")
		} else if f.typ == dataform.ListSingle && value == nil {
			delete(filled.present, f.name) // a choice that nobody has made
		}
	}
	if filled.values["FORM_TYPE"] != nsRoomConfig {
		filled.add("FORM_TYPE", nil, "not a room configuration")
	}
	return filled
}

// offersNot is whether something was chosen that the list does not offer.
func (f *layoutField) offersNot(value any, own configField) bool {
	switch f.typ {
	case dataform.ListSingle:
		chosen, ok := value.(string)
		isTaken := own.pattern != nil && own.pattern.MatchString(chosen)
		return ok && !isTaken && !f.isOption(chosen)
	case dataform.ListMulti:
		list, _ := value.([]any)
		return slices.ContainsFunc(list, func(chosen any) bool { return !f.isOption(text(chosen)) })
	}
	return false
}

func (f *layoutField) isOption(value string) bool {
	return slices.ContainsFunc(f.options, func(o dataform.Option) bool { return o.Value == value })
}

func faultText(faults []formFault) string {
	texts := make([]string, len(faults))
	for i, f := range faults {
		texts[i] = f.name + ": " + f.reason
	}
	return strings.Join(texts, "; ")
}

// submission is the event of a form that came back.
func (r *Room) submission(origin sdk.Session, st *stanza.Element, fields, codes *sdk.Table) *sdk.Event {
	ev := r.newEvent("muc-config-submitted", origin, st, "fields", fields, "status_codes", codes, "actor", optional(st.From()))
	// For handlers: sets an option of the room if its field was submitted, differs and is in the set of allowed values (M178).
	ev.Set("update_option", sdk.Func(func(ctx context.Context, args ...any) ([]any, error) {
		return r.updateOption(ctx, roomEvent{ev, r}, text(first(args)), text(nth(args, 1)), nth(args, 2))
	}))
	return ev
}

func (r *Room) updateOption(ctx context.Context, ev roomEvent, setting, field string, allowed any) ([]any, error) {
	ctx, leave, err := r.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	value, err := sdk.Field(ctx, ev.Get("fields"), field)
	if err != nil || value == nil {
		return nil, err
	}
	if allowed != nil {
		is, err := sdk.Field(ctx, allowed, text(value))
		if err != nil || !isTrue(is) {
			return nil, err
		}
	}
	now, err := r.get(ctx, setting)
	if err != nil || isSameValue(value, now) {
		return nil, err
	}
	if err := addStatusCode(ctx, ev, "104"); err != nil {
		return nil, err
	}
	_, err = r.set(ctx, setting, value)
	return []any{true}, err
}

// applyConfig goes in the order of the form, as one field may count on another: the default number of messages on how many are kept.
func (r *Room) applyConfig(ctx context.Context, ev *sdk.Event, layout *formLayout, present map[string]bool) error {
	if _, err := r.fire(ctx, ev); err != nil {
		return err
	}
	for _, f := range layout.fields {
		if f.name == "" || !present[f.name] {
			continue
		}
		value, err := sdk.Field(ctx, ev.Get("fields"), f.name)
		if err != nil {
			return err
		}
		ev.Set("field", f.name)
		ev.Set("value", value)
		if _, err := r.fire(ctx, ev.As("muc-config-submitted/"+f.name)); err != nil {
			return err
		}
	}
	return nil
}

// announceConfig: XEP-0045 #roomconfig-notify
func (r *Room) announceConfig(ctx context.Context, statusCodes *sdk.Table) error {
	var codes []string
	err := statusCodes.Range(ctx, func(key, value any) bool {
		if isTrue(value) {
			codes = append(codes, fmt.Sprint(key))
		}
		return true
	})
	if err != nil || len(codes) == 0 {
		return err
	}
	slices.Sort(codes)
	return r.broadcastMessage(ctx, stanza.Message("", "type", "groupchat", "from", r.jid).AddChild(newX(codes...)))
}
