package muccore

import (
	"context"
	"errors"
	"fmt"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// arguments are those of a method, in the order that Lua modules give them.
type arguments []any

func (a arguments) at(i int) any { return nth(a, i) }

// text is a string, "" for nil.
func (a arguments) text(i int) string { return text(a.at(i)) }

// rank is an affiliation or role, "" for none.
func (a arguments) rank(i int) string { return unwritten(a.text(i)) }

func (a arguments) flag(i int) bool { return isTrue(a.at(i)) }

func (a arguments) number(i int) float64 {
	n, _ := a.at(i).(float64)
	return n
}

// actor is a real JID, byService for true, "" for nil.
func (a arguments) actor(i int) string {
	if a.at(i) == true {
		return byService
	}
	return a.text(i)
}

func (a arguments) stanza(i int) (*stanza.Element, error) {
	if st, ok := a.at(i).(*stanza.Element); ok {
		return st, nil
	}
	return nil, a.wrong(i, "a stanza")
}

// optionalStanza is nil for nil.
func (a arguments) optionalStanza(i int) (*stanza.Element, error) {
	if a.at(i) == nil {
		return nil, nil
	}
	return a.stanza(i)
}

func (a arguments) occupant(i int) (*Occupant, error) {
	if o, ok := a.at(i).(*Occupant); ok {
		return o, nil
	}
	return nil, a.wrong(i, "an occupant")
}

// optionalOccupant is nil for nil.
func (a arguments) optionalOccupant(i int) (*Occupant, error) {
	if a.at(i) == nil {
		return nil, nil
	}
	return a.occupant(i)
}

func (a arguments) function(i int) (sdk.Function, error) {
	if f, ok := a.at(i).(sdk.Function); ok {
		return f, nil
	}
	return nil, a.wrong(i, "a function")
}

func (a arguments) wrong(i int, want string) error {
	return fmt.Errorf("argument %d: want %s, got a %s", i+1, want, typeOf(a.at(i)))
}

// plain is a value that may be kept with a room.
func (a arguments) plain(ctx context.Context, i int) (any, error) { return sdk.Plain(ctx, a.at(i)) }

// originAndStanza are the arguments of methods that handle a stanza.
func (a arguments) originAndStanza(ctx context.Context) (sdk.Session, *stanza.Element, error) {
	st, err := a.stanza(1)
	return sdk.OriginOf(ctx, a.at(0)), st, err
}

// filter is a filter of another plugin, nil for nil. What goes wrong in it is kept in failed, and nothing passes any more.
func (a arguments) filter(ctx context.Context, i int, failed *error) func(args ...any) bool {
	f, ok := a.at(i).(sdk.Function)
	if !ok {
		return nil
	}
	return func(args ...any) bool {
		if *failed != nil {
			return false
		}
		results, err := f.Call(ctx, args...)
		*failed = err
		return err == nil && isTrue(first(results))
	}
}

// done are the results of a method that returns true, or nil and an error's type and condition.
func done(err error) ([]any, error) {
	if err == nil {
		return []any{true}, nil
	}
	return refused(nil, err)
}

// refused are the results of a method that has been refused: no, type, condition, and the text if there is one.
func refused(no any, err error) ([]any, error) {
	e := refusedWith(err)
	if e == nil {
		return nil, err
	}
	results := []any{no, string(e.Type), string(e.Condition)}
	if e.Text != "" {
		results = append(results, e.Text)
	}
	return results, nil
}

// saved are the results of a method that returns true, or nil and what went wrong as a text.
func saved(err error) ([]any, error) {
	if err == nil {
		return []any{true}, nil
	}
	if e := refusedWith(err); e != nil {
		return []any{nil, string(e.Condition)}, nil
	}
	return []any{nil, err.Error()}, nil
}

// one are the results of a method with one result.
func one(v any, err error) ([]any, error) {
	if err != nil {
		return nil, err
	}
	return []any{v}, nil
}

// nothing are the results of a method without.
func nothing(err error) ([]any, error) { return nil, err }

// flagOrNil is true or nil, as Lua modules leave out what is false.
func flagOrNil(b bool) any {
	if b {
		return true
	}
	return nil
}

var errNoStanza = errors.New("a method that should return a stanza has returned something else")
