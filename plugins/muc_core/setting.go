package muccore

import (
	"context"
	"fmt"
	"regexp"
	"unicode/utf8"

	"quatrain/sdk"
	"quatrain/xmpp/dataform"
)

// setting is one setting of a room: what its get_NAME and set_NAME do. Values are those that cross runtimes, nil for "not set".
type setting struct {
	get func(r *Room) any
	// set tells whether something changed. It acts at once; saving is for the caller.
	set func(ctx context.Context, r *Room, value any) (changed bool, err error)
}

// setting registers a setting under its name.
func (s *service) setting(name string, x setting) { s.settings[name] = x }

// flag is a boolean in room.data; false is not stored.
func flag(key string) setting {
	return setting{
		get: func(r *Room) any { return r.data[key] },
		set: func(_ context.Context, r *Room, value any) (bool, error) { return r.setData(key, isTrue(value)), nil },
	}
}

// textSetting is a text in room.data; the empty text is not stored.
func textSetting(key string) setting {
	return setting{
		get: func(r *Room) any { return r.data[key] },
		set: func(_ context.Context, r *Room, value any) (bool, error) { return r.setData(key, value), nil },
	}
}

// get is the value of a setting, as the room or another plugin says (get_NAME).
func (r *Room) get(ctx context.Context, name string) (any, error) {
	if f := r.replaced("get_" + name); f != nil {
		results, err := f.Call(ctx, r)
		return first(results), err
	}
	x, ok := r.s.settings[name]
	if !ok {
		return nil, fmt.Errorf("room: %w: %q", sdk.ErrNoMethod, "get_"+name)
	}
	return x.get(r), nil
}

// getFlag is get for a boolean.
func (r *Room) getFlag(ctx context.Context, name string) (bool, error) {
	v, err := r.get(ctx, name)
	return isTrue(v), err
}

// getText is get for a text, "" if it is not set.
func (r *Room) getText(ctx context.Context, name string) (string, error) {
	v, err := r.get(ctx, name)
	return text(v), err
}

// set changes a setting (set_NAME) and tells whether something changed.
func (r *Room) set(ctx context.Context, name string, value any) (changed bool, err error) {
	if f := r.replaced("set_" + name); f != nil {
		results, err := f.Call(ctx, r, value)
		return isTrue(first(results)), err
	}
	x, ok := r.s.settings[name]
	if !ok || x.set == nil {
		return false, fmt.Errorf("room: %w: %q", sdk.ErrNoMethod, "set_"+name)
	}
	return x.set(ctx, r, value)
}

// configField shows a setting in the configuration form and stores what comes back (M49–M53).
type configField struct {
	priority float64 // its place in the form, higher comes first; no two have the same
	name     string  // of the field
	typ      string  // of dataform
	label    string
	desc     string
	options  []dataform.Option
	datatype string   // XEP-0122: "" or xs:integer
	rangeMin *float64 // for datatype; nil: no bound

	setting   string                                                   // its name
	mayEdit   func(ctx context.Context, s *service, actor string) bool // nil: everybody who sees the form
	status    func(value any) string                                   // the status code of a change, nil or "": 104
	parse     func(value any) any                                      // from the form's value to the setting's; may be nil
	show      func(value any) any                                      // from the setting's value to the form's; may be nil
	maxLength int                                                      // characters of a text, 0: any
	synonyms  map[string]string                                        // of a list: other names of options → options
	pattern   *regexp.Regexp                                           // of a list: values that are taken although they are not offered; may be nil
}

// isTooLong is whether a text has more characters than allowed.
func isTooLong(s string, maxLength int) bool {
	return len(s) > maxLength && utf8.RuneCountInString(s) > maxLength
}
