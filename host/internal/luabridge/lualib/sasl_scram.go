package lualib

import (
	"crypto/rand"
	"errors"
	"strings"

	"github.com/xdg-go/scram"
	lua "github.com/yuin/gopher-lua"

	"quatrain/xmpp/jid"
)

// scramMechanism is SCRAM (RFC 5802, 7677) over a profile with plain(self, user, realm) for the password, or with a backend of its own that gives
// stored key, server key, iteration count, salt and whether the account is enabled. With plus it is bound to the channel by the data that a
// function of the profile's table cb gives: cb[kind](self).
type scramMechanism struct {
	hash    scram.HashGeneratorFcn
	backend string
	plus    bool
}

var scramMechanisms = map[string]scramMechanism{
	"SCRAM-SHA-1":        {scram.SHA1, "scram_sha_1", false},
	"SCRAM-SHA-1-PLUS":   {scram.SHA1, "scram_sha_1", true},
	"SCRAM-SHA-256":      {scram.SHA256, "scram_sha_256", false},
	"SCRAM-SHA-256-PLUS": {scram.SHA256, "scram_sha_256", true},
}

// bindings are the kinds of channel bindings that can be used, the best first.
var bindings = []string{"tls-exporter", "tls-unique"}

const scramIterations = 10000

var (
	errNoAccount = errors.New("no such account")
	errDisabled  = errors.New("account disabled")
)

// conversation is the field of a handler with its SCRAM conversation.
const conversation = "_scram"

// process is the mechanism's function(self, message).
func (m scramMechanism) process(L *lua.LState) int {
	handler := L.CheckTable(1)
	message := L.OptString(2, "")
	c, err := m.conversation(L, handler, message)
	if err != nil {
		return pushSASL(L, "failure", "temporary-auth-failure")
	}
	answer, err := c.Step(message)
	handler.RawSetString("username", stringOrNil(c.Username()))
	switch {
	case errors.Is(err, errDisabled):
		return pushSASL(L, "failure", "account-disabled")
	case err != nil && c.Username() == "":
		return pushSASL(L, "failure", "malformed-request")
	case err != nil:
		return pushSASL(L, "failure", "not-authorized", "The user name or the password is wrong.")
	case c.Done():
		return pushSASL(L, "success", answer)
	}
	return pushSASL(L, "challenge", answer)
}

// conversation is the handler's, begun with the first message.
func (m scramMechanism) conversation(L *lua.LState, handler *lua.LTable, message string) (*scram.ServerConversation, error) {
	if u, ok := handler.RawGetString(conversation).(*lua.LUserData); ok {
		if c, ok := u.Value.(*scram.ServerConversation); ok {
			return c, nil
		}
	}
	server, err := m.hash.NewServer(func(user string) (scram.StoredCredentials, error) {
		user, ok := jid.Saslprep(user, false)
		if !ok || user == "" {
			return scram.StoredCredentials{}, errNoAccount
		}
		return m.credentials(L, handler, lua.LString(user))
	})
	if err != nil {
		return nil, err
	}
	c := m.bound(server, bindingOf(L, handler, message))
	handler.RawSetString(conversation, &lua.LUserData{Value: c, Metatable: lua.LNil})
	return c, nil
}

// bound begins a conversation. A client that could have bound it, had it been offered ("y"), was shown a list that somebody shortened, and is refused.
func (m scramMechanism) bound(server *scram.Server, b scram.ChannelBinding) *scram.ServerConversation {
	switch {
	case m.plus:
		return server.NewConversationWithChannelBindingRequired(b)
	case b.IsSupported():
		return server.NewConversationWithChannelBinding(b)
	}
	return server.NewConversation()
}

// bindingOf is the binding that the client's first message names, or the best one; an unsupported one if there is none.
func bindingOf(L *lua.LState, handler *lua.LTable, message string) (b scram.ChannelBinding) {
	cb, ok := saslProfile(L).RawGetString("cb").(*lua.LTable)
	if !ok {
		return b
	}
	wanted := bindings
	if rest, ok := strings.CutPrefix(message, "p="); ok {
		kind, _, _ := strings.Cut(rest, ",")
		wanted = []string{kind}
	}
	for _, kind := range wanted {
		fn, ok := cb.RawGetString(kind).(*lua.LFunction)
		if !ok {
			continue
		}
		if data, ok := call1(L, fn, handler).(lua.LString); ok && data != "" {
			return scram.ChannelBinding{Type: scram.ChannelBindingType(kind), Data: []byte(data)}
		}
	}
	return b
}

// credentials asks the profile.
func (m scramMechanism) credentials(L *lua.LState, handler *lua.LTable, user lua.LString) (scram.StoredCredentials, error) {
	profile, realm := saslProfile(L), handler.RawGetString("realm")
	if profile.RawGetString("plain") != lua.LNil {
		password, state := callBackend(L, "plain", handler, user, realm)
		return m.derive(string(user), lua.LVAsString(password), state)
	}
	L.Push(profile.RawGetString(m.backend))
	for _, a := range []lua.LValue{handler, user, realm} {
		L.Push(a)
	}
	L.Call(3, 5)
	defer L.Pop(5)
	if err := scramState(L.Get(-1)); err != nil || L.Get(-5) == lua.LNil {
		return scram.StoredCredentials{}, errors.Join(err, errNoAccount)
	}
	return scram.StoredCredentials{
		StoredKey:  []byte(lua.LVAsString(L.Get(-5))),
		ServerKey:  []byte(lua.LVAsString(L.Get(-4))),
		KeyFactors: scram.KeyFactors{Iters: int(lua.LVAsNumber(L.Get(-3))), Salt: lua.LVAsString(L.Get(-2))},
	}, nil
}

// scramState is what a backend says of an account: false that it is disabled, nil that there is none.
func scramState(state lua.LValue) error {
	switch state {
	case lua.LFalse:
		return errDisabled
	case lua.LNil:
		return errNoAccount
	}
	return nil
}

// derive makes the keys of a password that is known.
func (m scramMechanism) derive(user, password string, state lua.LValue) (scram.StoredCredentials, error) {
	if err := scramState(state); err != nil {
		return scram.StoredCredentials{}, err
	}
	password, ok := jid.Saslprep(password, false)
	if !ok || password == "" {
		return scram.StoredCredentials{}, errNoAccount
	}
	client, err := m.hash.NewClientUnprepped(user, password, "")
	if err != nil {
		return scram.StoredCredentials{}, err
	}
	return client.GetStoredCredentialsWithError(scram.KeyFactors{Salt: rand.Text(), Iters: scramIterations})
}
