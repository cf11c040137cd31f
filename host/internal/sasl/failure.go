package sasl

import (
	"errors"
	"slices"
)

// Conditions of a failed negotiation (RFC 6120 §6.5).
const (
	Aborted              = "aborted"
	AccountDisabled      = "account-disabled"
	CredentialsExpired   = "credentials-expired"
	EncryptionRequired   = "encryption-required"
	IncorrectEncoding    = "incorrect-encoding"
	InvalidAuthzid       = "invalid-authzid"
	InvalidMechanism     = "invalid-mechanism"
	MalformedRequest     = "malformed-request"
	MechanismTooWeak     = "mechanism-too-weak"
	NotAuthorized        = "not-authorized"
	TemporaryAuthFailure = "temporary-auth-failure"
)

// conditions are those that a peer may be told.
var conditions = []string{
	Aborted, AccountDisabled, CredentialsExpired, EncryptionRequired, IncorrectEncoding, InvalidAuthzid, InvalidMechanism, MalformedRequest,
	MechanismTooWeak, NotAuthorized, TemporaryAuthFailure,
}

// Failure ends one attempt to authenticate. Text is for the peer and may be empty; Cause is for the log and may be nil.
type Failure struct {
	Condition string
	Text      string
	Cause     error
}

func (f *Failure) Error() string {
	s := "authentication failed: " + f.Condition
	if f.Cause != nil {
		s += ": " + f.Cause.Error()
	}
	return s
}

// SASLFailure is what the peer is told, for bridges.
func (f *Failure) SASLFailure() (condition, text string) { return f.Condition, f.Text }

// Unwrap is the cause.
func (f *Failure) Unwrap() error { return f.Cause }

// Reported is an error of a Handler outside of this package that knows its condition.
type Reported = interface {
	error
	SASLFailure() (condition, text string)
}

// AsFailure is what a peer is answered on an error of Process: the failure itself, what the error reports, otherwise temporary-auth-failure.
func AsFailure(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	var r Reported
	if errors.As(err, &r) {
		condition, text := r.SASLFailure()
		if !slices.Contains(conditions, condition) {
			condition = NotAuthorized // the peer would not know it, and it may be no name of an element at all
		}
		return fail(condition, text, err)
	}
	return fail(TemporaryAuthFailure, "", err)
}

func fail(condition, text string, cause error) *Failure {
	return &Failure{Condition: condition, Text: text, Cause: cause}
}
