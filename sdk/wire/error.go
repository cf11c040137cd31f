package wire

import (
	"context"
	"errors"
	"fmt"

	"quatrain/sdk"
	"quatrain/sdk/wire/pb"
	"quatrain/xmpp/stanza"
)

// Panic is a panic of ours that became an error.
type Panic struct {
	Value any
	Trace []byte
}

func (e *Panic) Error() string { return fmt.Sprintf("panic: %v", e.Value) }
func (e *Panic) Stack() string { return string(e.Trace) }

// Error is an error of the other side. It unwraps to the contract's error or the *stanza.Error that it was there.
type Error struct {
	Text  string
	stack string
	cause error
}

func (e *Error) Error() string { return e.Text }
func (e *Error) Unwrap() error { return e.cause }

// Stack is where it happened, "" if that is not known.
func (e *Error) Stack() string { return e.stack }

// codes are the errors of the contract that survive the way.
var codes = map[pb.Error_Code]error{
	pb.Error_GONE: sdk.ErrGone, pb.Error_NO_PROPERTY: sdk.ErrNoProperty, pb.Error_NO_METHOD: sdk.ErrNoMethod,
	pb.Error_ITEM_NOT_FOUND: sdk.ErrItemNotFound, pb.Error_QUOTA_LIMIT: sdk.ErrQuotaLimit, pb.Error_UNSUPPORTED: sdk.ErrUnsupported,
	pb.Error_TIMEOUT: ErrTimeout,
}

func encodeError(err error) *pb.Error {
	e := &pb.Error{Text: err.Error()}
	for code, known := range codes {
		if errors.Is(err, known) {
			e.Code = code
		}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		e.Code = pb.Error_TIMEOUT
	}
	if errors.Is(err, ErrEnded) {
		e.Code = pb.Error_GONE
	}
	var se *stanza.Error
	if errors.As(err, &se) {
		e.StanzaError = xml(se.Element())
	}
	var traced interface{ Stack() string }
	if errors.As(err, &traced) {
		e.Stack = traced.Stack()
	}
	return e
}

func decodeError(e *pb.Error) error {
	cause := codes[e.GetCode()]
	if len(e.GetStanzaError()) > 0 {
		if se, err := parseError(e.GetStanzaError()); err == nil && se != nil {
			if e.GetStack() == "" && se.Error() == e.GetText() {
				return se
			}
			cause = se
		}
	}
	return &Error{Text: e.GetText(), stack: e.GetStack(), cause: cause}
}

// attrs are what the log says of an error.
func attrs(err error) []any {
	list := []any{"err", err}
	var traced interface{ Stack() string }
	if errors.As(err, &traced) && traced.Stack() != "" {
		list = append(list, "traceback", traced.Stack())
	}
	return list
}

// Attrs are the attributes of a log line about err: "err", and "traceback" if it is known.
func Attrs(err error) []any { return attrs(err) }
