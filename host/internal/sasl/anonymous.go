package sasl

import "context"

// Anonymous is the mechanism of those who do not say who they are (RFC 4505, XEP-0175).
const Anonymous = "ANONYMOUS"

type anonymous struct{ n *Negotiation }

// step ignores the trace information that a peer may send.
func (a anonymous) step(ctx context.Context, _ []byte) ([]byte, string, error) {
	user, err := a.n.profile.Anonymous(ctx)
	if err == nil && user == "" {
		return nil, "", fail(NotAuthorized, "", nil)
	}
	if err != nil {
		return nil, "", fail(TemporaryAuthFailure, "", err)
	}
	return nil, user, nil
}
