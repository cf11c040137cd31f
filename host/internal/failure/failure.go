// Package failure tells how the log shows errors: those of scripts come with the traceback of where they were raised.
package failure

import "errors"

// traced is an error that knows the calls that led to it.
type traced interface {
	error
	// Stack is a traceback of several lines, "" if there is none.
	Stack() string
}

// Attrs are the attributes of a log line about err: "err", and "traceback" if it has one.
func Attrs(err error) []any {
	attrs := []any{"err", err}
	var t traced
	if errors.As(err, &t) && t.Stack() != "" {
		attrs = append(attrs, "traceback", t.Stack())
	}
	return attrs
}
