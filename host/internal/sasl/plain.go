package sasl

import (
	"bytes"
	"context"
	"unicode/utf8"
)

// Plain is the mechanism that sends the password itself (RFC 4616); it belongs on encrypted streams.
const Plain = "PLAIN"

type plain struct{ n *Negotiation }

func (p *plain) step(ctx context.Context, message []byte) ([]byte, string, error) {
	if message == nil {
		return []byte{}, "", nil // the client speaks first
	}
	fields := bytes.Split(message, []byte{0})
	if len(fields) != 3 || len(fields[1]) == 0 || len(fields[2]) == 0 || !utf8.Valid(message) {
		return nil, "", fail(MalformedRequest, "", nil)
	}
	user, ok := prepare(string(fields[1]))
	if !ok {
		return nil, "", fail(MalformedRequest, "the user name is not allowed", nil)
	}
	p.n.claimed = user
	if err := p.n.checkAuthzid(string(fields[0]), user); err != nil {
		return nil, "", err
	}
	ok, err := p.n.profile.TestPassword(ctx, user, string(fields[2]))
	switch {
	case err != nil:
		return nil, "", fail(TemporaryAuthFailure, "", err)
	case !ok:
		return nil, "", fail(NotAuthorized, "", nil)
	}
	return nil, user, nil
}
