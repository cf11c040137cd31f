package sasl

// Conditions of a failed negotiation (RFC 6120 §6.5).
const (
	Aborted              = "aborted"
	AccountDisabled      = "account-disabled"
	EncryptionRequired   = "encryption-required"
	IncorrectEncoding    = "incorrect-encoding"
	InvalidAuthzid       = "invalid-authzid"
	InvalidMechanism     = "invalid-mechanism"
	MalformedRequest     = "malformed-request"
	MechanismTooWeak     = "mechanism-too-weak"
	NotAuthorized        = "not-authorized"
	TemporaryAuthFailure = "temporary-auth-failure"
)

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

// Unwrap is the cause.
func (f *Failure) Unwrap() error { return f.Cause }

func fail(condition, text string, cause error) *Failure {
	return &Failure{Condition: condition, Text: text, Cause: cause}
}
