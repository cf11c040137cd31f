package sasl

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/xdg-go/scram"
)

const plus = "-PLUS"

// mechanism is the name of SCRAM with the hash.
func (h Hash) mechanism() string { return "SCRAM-" + string(h) }

func hashOf(mechanism string) Hash { return Hash(strings.TrimPrefix(mechanism, "SCRAM-")) }

// scramExchange is one attempt by SCRAM (RFC 5802).
type scramExchange struct {
	n    *Negotiation
	hash Hash
	plus bool

	conv     *scram.ServerConversation // nil before the first message
	user     string
	storeErr error
}

func (x *scramExchange) step(ctx context.Context, message []byte) ([]byte, string, error) {
	switch {
	case x.conv == nil && message == nil:
		return []byte{}, "", nil // the client speaks first
	case len(message) == 0:
		return nil, "", fail(MalformedRequest, "", nil)
	case x.conv == nil:
		return x.first(ctx, string(message))
	}
	return x.final(string(message))
}

func (x *scramExchange) first(ctx context.Context, message string) ([]byte, string, error) {
	if !x.plus && strings.HasPrefix(message, "p") {
		return nil, "", fail(MalformedRequest, "channel binding needs a -PLUS mechanism", nil) // RFC 5802 §6
	}
	server, err := x.hash.generator().NewServer(func(name string) (scram.StoredCredentials, error) {
		return x.credentials(ctx, name)
	})
	if err != nil {
		return nil, "", fail(TemporaryAuthFailure, "", err)
	}
	x.conv = x.conversation(server)
	reply, err := x.conv.Step(message)
	switch {
	case x.storeErr != nil:
		return nil, "", fail(TemporaryAuthFailure, "", x.storeErr)
	case err != nil:
		return nil, "", fail(MalformedRequest, flagText(reply), err)
	}
	if err := x.n.checkAuthzid(x.conv.AuthzID(), x.user); err != nil {
		return nil, "", err
	}
	return []byte(reply), "", nil
}

// flagText explains what is wrong with the binding a peer asked for.
func flagText(reply string) string {
	switch reply {
	case scram.ErrServerDoesSupportChannelBinding:
		return "the server does support channel binding"
	case scram.ErrUnsupportedChannelBindingType, scram.ErrChannelBindingNotSupported:
		return "this type of channel binding is not supported"
	}
	return ""
}

func (x *scramExchange) final(message string) ([]byte, string, error) {
	reply, err := x.conv.Step(message)
	switch {
	case err != nil && reply == "":
		return nil, "", fail(MalformedRequest, "", err)
	case err != nil:
		return nil, "", fail(NotAuthorized, "", nil)
	}
	return []byte(reply), x.user, nil
}

// conversation binds the exchange. On a connection that can be bound, a peer that says it would have, had it been offered ("y"), was shown
// a list that somebody shortened, and is refused.
func (x *scramExchange) conversation(server *scram.Server) *scram.ServerConversation {
	b := scram.ChannelBinding{Type: scram.ChannelBindingType(x.n.binding.kind), Data: x.n.binding.data}
	switch {
	case x.plus:
		return server.NewConversationWithChannelBindingRequired(b)
	case b.IsSupported():
		return server.NewConversationWithChannelBinding(b)
	}
	return server.NewConversation()
}

var errName = errors.New("the user name is not allowed")

func (x *scramExchange) credentials(ctx context.Context, name string) (scram.StoredCredentials, error) {
	user, ok := prepare(name)
	if !ok {
		return scram.StoredCredentials{}, errName
	}
	x.n.claimed = user
	keys, ok, err := x.n.profile.Keys(ctx, x.hash, user)
	if err != nil {
		x.storeErr = fmt.Errorf("reading the keys of %q: %w", user, err)
		return scram.StoredCredentials{}, x.storeErr
	}
	if !ok {
		keys = x.fakeKeys(user)
	}
	x.user = user
	return scram.StoredCredentials{
		KeyFactors: scram.KeyFactors{Salt: string(keys.Salt), Iters: keys.Iterations},
		StoredKey:  keys.StoredKey,
		ServerKey:  keys.ServerKey,
	}, nil
}

// fakeKeys are those of a user who does not exist: the salt looks like a real one and is the same each time, and no password fits.
func (x *scramExchange) fakeKeys(user string) Keys {
	m := hmac.New(sha256.New, x.n.profile.Secret)
	m.Write([]byte(user))
	seed := uuid.Must(uuid.FromBytes(m.Sum(nil)[:16]))
	seed[6], seed[8] = seed[6]&0x0f|0x40, seed[8]&0x3f|0x80
	m.Write([]byte(x.hash))
	key := m.Sum(nil)[:x.hash.new()().Size()]
	return Keys{StoredKey: key, ServerKey: key, Salt: []byte(seed.String()), Iterations: x.n.profile.Iterations}
}

func (h Hash) generator() scram.HashGeneratorFcn {
	if h == SHA1 {
		return scram.SHA1
	}
	return scram.SHA256
}
