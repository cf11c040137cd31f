package muc

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// errNothing is a call of a Room or an Occupant that is none.
var errNothing = errors.New("there is no such room or occupant")

// call calls a method of a room or an occupant.
func call(ctx context.Context, o sdk.Object, method string, args ...any) ([]any, error) {
	if o == nil {
		return nil, fmt.Errorf("%s: %w", method, errNothing)
	}
	results, err := o.Call(ctx, method, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	return results, nil
}

// ask is call for a method with one result.
func ask(ctx context.Context, o sdk.Object, method string, args ...any) (any, error) {
	results, err := call(ctx, o, method, args...)
	return at(results, 0), err
}

// do is call for a method that returns true, or nil and an error.
func do(ctx context.Context, o sdk.Object, method string, args ...any) error {
	results, err := call(ctx, o, method, args...)
	if err != nil {
		return err
	}
	return refusal(results)
}

// get reads a property.
func get(ctx context.Context, o sdk.Object, property string) (any, error) {
	if o == nil {
		return nil, fmt.Errorf("%s: %w", property, errNothing)
	}
	v, err := o.Get(ctx, property)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", property, err)
	}
	return v, nil
}

// getText is get for a text, "" if there is none.
func getText(ctx context.Context, o sdk.Object, property string) (string, error) {
	v, err := get(ctx, o, property)
	return text(v), err
}

// set writes a property.
func set(ctx context.Context, o sdk.Object, property string, value any) error {
	if o == nil {
		return fmt.Errorf("%s: %w", property, errNothing)
	}
	return o.Set(ctx, property, value)
}

// at is a result, nil if there are fewer.
func at(results []any, i int) any {
	if i < len(results) {
		return results[i]
	}
	return nil
}

// truthy is what Lua takes for true: all but nil and false.
func truthy(v any) bool { return v != nil && v != false }

// text is v if it is a text, else "".
func text(v any) string {
	s, _ := v.(string)
	return s
}

// optional is a text as methods expect it: nothing is nil.
func optional(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// refusal reads the results of a method that returns true; or nil (or false) and an error's type, condition and text, of which each may be
// missing; or nil and what is wrong in words.
func refusal(results []any) error {
	if truthy(at(results, 0)) {
		return nil
	}
	if e, ok := at(results, 1).(*stanza.Error); ok {
		return e
	}
	first, condition := text(at(results, 1)), text(at(results, 2))
	switch typ := stanza.ErrorType(first); {
	case condition != "":
		return &stanza.Error{Type: typ, Condition: stanza.Condition(condition), Text: text(at(results, 3))}
	case first == "":
		return stanza.NewError(stanza.NotAllowed, "")
	case isErrorType(typ):
		return &stanza.Error{Type: typ, Condition: stanza.NotAllowed}
	case first == string(stanza.InternalServerError):
		return &stanza.Error{Type: stanza.Wait, Condition: stanza.InternalServerError}
	}
	return errors.New(first)
}

func isErrorType(t stanza.ErrorType) bool {
	switch t {
	case stanza.Auth, stanza.Cancel, stanza.Continue, stanza.Modify, stanza.Wait:
		return true
	}
	return false
}

// results is refusal the other way round: what a method that Lua may call returns.
func results(err error) ([]any, error) {
	var e *stanza.Error
	switch {
	case err == nil:
		return []any{true}, nil
	case errors.As(err, &e):
		return []any{false, string(e.Type), string(e.Condition), optional(e.Text)}, nil
	}
	return nil, err
}

// rows runs through what a method returned that others iterate over: rows, or an iterator as Lua has them (function, state and the value to
// begin with), which is called for each row.
func rows(ctx context.Context, results []any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		switch next := at(results, 0).(type) {
		case sdk.Rows:
			for _, row := range next {
				if !yield(row, nil) {
					return
				}
			}
		case sdk.Function:
			iterate(ctx, next, at(results, 1), at(results, 2), yield)
		}
	}
}

func iterate(ctx context.Context, next sdk.Function, state, control any, yield func([]any, error) bool) {
	for {
		row, err := next.Call(ctx, state, control)
		if err != nil {
			yield(nil, err)
			return
		}
		if control = at(row, 0); control == nil || !yield(row, nil) {
			return
		}
	}
}
