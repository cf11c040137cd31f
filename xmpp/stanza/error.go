package stanza

// ErrorType says what the sender can do about a stanza error (RFC 6120 §8.3.2).
type ErrorType string

const (
	Auth     ErrorType = "auth"     // retry after providing credentials
	Cancel   ErrorType = "cancel"   // do not retry
	Continue ErrorType = "continue" // proceed, it was only a warning
	Modify   ErrorType = "modify"   // retry after changing the data
	Wait     ErrorType = "wait"     // retry after waiting
)

// Condition is a defined condition of a stanza error (RFC 6120 §8.3.3).
type Condition string

const (
	BadRequest            Condition = "bad-request"
	Conflict              Condition = "conflict"
	FeatureNotImplemented Condition = "feature-not-implemented"
	Forbidden             Condition = "forbidden"
	Gone                  Condition = "gone"
	InternalServerError   Condition = "internal-server-error"
	ItemNotFound          Condition = "item-not-found"
	JIDMalformed          Condition = "jid-malformed"
	NotAcceptable         Condition = "not-acceptable"
	NotAllowed            Condition = "not-allowed"
	NotAuthorized         Condition = "not-authorized"
	PolicyViolation       Condition = "policy-violation"
	RecipientUnavailable  Condition = "recipient-unavailable"
	Redirect              Condition = "redirect"
	RegistrationRequired  Condition = "registration-required"
	RemoteServerNotFound  Condition = "remote-server-not-found"
	RemoteServerTimeout   Condition = "remote-server-timeout"
	ResourceConstraint    Condition = "resource-constraint"
	ServiceUnavailable    Condition = "service-unavailable"
	SubscriptionRequired  Condition = "subscription-required"
	UndefinedCondition    Condition = "undefined-condition"
	UnexpectedRequest     Condition = "unexpected-request"
)

// Type is the error type that RFC 6120 §8.3.3 recommends with the condition; where it names several, the first. Cancel if unknown.
func (c Condition) Type() ErrorType {
	switch c {
	case BadRequest, JIDMalformed, NotAcceptable, PolicyViolation, Redirect:
		return Modify
	case Forbidden, NotAuthorized, RegistrationRequired, SubscriptionRequired:
		return Auth
	case RecipientUnavailable, RemoteServerTimeout, ResourceConstraint, UnexpectedRequest:
		return Wait
	}
	return Cancel
}

// Error is a stanza error (RFC 6120 §8.3). Returned from a handler, it is what the sender is answered.
type Error struct {
	Type      ErrorType
	Condition Condition
	Text      string   // for humans, "" for none; names no setting and no path
	By        string   // JID of the entity that found the error, "" for the one that answers
	URI       string   // the new address inside Gone and Redirect
	App       *Element // application-specific condition with an xmlns of its own, may be nil
}

// NewError makes an error with the condition's usual type.
func NewError(c Condition, text string) *Error {
	return &Error{Type: c.Type(), Condition: c, Text: text}
}

// Error is "condition" or "condition: text".
func (e *Error) Error() string {
	if e.Text == "" {
		return string(e.Condition)
	}
	return string(e.Condition) + ": " + e.Text
}

// Element is the <error/> element, to be added to a stanza. The zero type and condition are taken as cancel and undefined-condition.
func (e *Error) Element() *Element {
	cond := e.Condition
	if cond == "" {
		cond = UndefinedCondition
	}
	typ := e.Type
	if typ == "" {
		typ = cond.Type()
	}
	out := New("error", "", "type", string(typ))
	if e.By != "" {
		out.SetAttr("by", e.By)
	}
	c := New(string(cond), NSStanzas)
	if cond == Gone || cond == Redirect {
		c.AddText(e.URI)
	}
	out.AddChild(c)
	if e.Text != "" {
		out.TextTag("text", NSStanzas, e.Text)
	}
	if e.App != nil {
		out.AddChild(e.App)
	}
	return out
}

// ErrorReply answers st with an error: addresses swapped, id kept, type error, nothing of st's payload. "by" is left out where it only
// repeats the answer's from. It is nil if st is itself an error, which must not be answered (RFC 6120 §8.3.1).
func ErrorReply(st *Element, e *Error) *Element {
	if st.IsError() {
		return nil
	}
	r := Reply(st)
	r.SetAttr("type", "error")
	child := e.Element()
	if e.By != "" && e.By == r.From() {
		child.DelAttr("by")
	}
	return r.AddChild(child)
}

// ParseError reads the error of a stanza, nil if it has none. An error without a condition is undefined-condition. App is the
// stanza's own element, not a copy.
func ParseError(st *Element) *Error {
	tag := st.Child("error", "")
	if tag == nil {
		return nil
	}
	e := &Error{Type: ErrorType(tag.Attr("type")), By: tag.Attr("by")}
	for _, c := range tag.Tags {
		switch {
		case c.NS() != NSStanzas:
			e.App = c
		case c.Name == "text":
			if e.Text == "" {
				e.Text = c.Text()
			}
		case e.Condition == "":
			e.Condition = Condition(c.Name)
			if e.Condition == Gone || e.Condition == Redirect {
				e.URI = c.Text()
			}
		}
	}
	if e.Condition == "" {
		e.Condition = UndefinedCondition
	}
	return e
}

var _ error = (*Error)(nil)
