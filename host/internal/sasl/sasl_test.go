package sasl

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	mellium "mellium.im/sasl"

	"github.com/xdg-go/scram"
)

const (
	realm    = "capulet.example"
	password = "wherefore art thou"
)

// juliet is the profile of a host with one user.
func juliet(t *testing.T) *Profile {
	t.Helper()
	keys := map[Hash]Keys{}
	for _, h := range []Hash{SHA1, SHA256} {
		k, err := DeriveKeys(h, password, []byte("salt"), 4096)
		if err != nil {
			t.Fatal(err)
		}
		keys[h] = k
	}
	return &Profile{
		TestPassword: func(_ context.Context, user, pw string) (bool, error) { return user == "juliet" && pw == password, nil },
		Keys: func(_ context.Context, h Hash, user string) (Keys, bool, error) {
			return keys[h], user == "juliet", nil
		},
		Hashes:     []Hash{SHA256, SHA1},
		Secret:     []byte("secret"),
		Iterations: 4096,
	}
}

func condition(t *testing.T, err error) string {
	t.Helper()
	var f *Failure
	if !errors.As(err, &f) {
		t.Fatalf("want a failure, got %v", err)
	}
	return f.Condition
}

// talk runs an independent client against n.
func talk(t *testing.T, n *Negotiation, mech mellium.Mechanism, user, pw string) error {
	t.Helper()
	client := mellium.NewClient(mech, mellium.Credentials(func() ([]byte, []byte, []byte) { return []byte(user), []byte(pw), nil }))
	if !n.Select(mech.Name) {
		t.Fatalf("%s is not offered", mech.Name)
	}
	_, out, err := client.Step(nil)
	if err != nil {
		t.Fatalf("client: %v", err)
	}
	for {
		reply, done, err := n.Process(context.Background(), out)
		if err != nil {
			return err
		}
		if done && reply == nil {
			return nil
		}
		more, next, err := client.Step(reply)
		if err != nil {
			t.Fatalf("client: %v", err)
		}
		if done {
			if more {
				t.Fatal("the client wants to go on")
			}
			return nil
		}
		out = next
	}
}

func TestIndependentClient(t *testing.T) {
	for _, mech := range []mellium.Mechanism{mellium.Plain, mellium.ScramSha1, mellium.ScramSha256} {
		t.Run(mech.Name, func(t *testing.T) {
			n := New(realm, juliet(t))
			if err := talk(t, n, mech, "juliet", "wrong"); condition(t, err) != NotAuthorized {
				t.Errorf("wrong password: %v", err)
			}
			if err := talk(t, n, mech, "romeo", password); condition(t, err) != NotAuthorized {
				t.Errorf("unknown user: %v", err)
			}
			if err := talk(t, n, mech, "Juliet", password); err != nil {
				t.Fatal(err)
			}
			if n.Username() != "juliet" {
				t.Errorf("username is %q", n.Username())
			}
		})
	}
}

func TestMechanisms(t *testing.T) {
	p := juliet(t)
	if got, want := Mechanisms(p, false), []string{"SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"}; !slices.Equal(got, want) {
		t.Errorf("unbound: %q, want %q", got, want)
	}
	want := []string{"SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"}
	if got := Mechanisms(p, true); !slices.Equal(got, want) {
		t.Errorf("bound: %q, want %q", got, want)
	}
	if New(realm, p).Select("SCRAM-SHA-1-PLUS") {
		t.Error("-PLUS can be chosen on a connection that cannot be bound")
	}
	if New(realm, p).Select("DIGEST-MD5") {
		t.Error("an unknown mechanism can be chosen")
	}
}

// bound runs a client that knows channel binding; flagged client-first messages can be rewritten.
func bound(t *testing.T, n *Negotiation, mech string, c *scram.ClientConversation) error {
	t.Helper()
	if !n.Select(mech) {
		t.Fatalf("%s is not offered", mech)
	}
	out, err := c.Step("")
	for {
		if err != nil {
			t.Fatalf("client: %v", err)
		}
		reply, done, err := n.Process(context.Background(), []byte(out))
		if err != nil {
			return err
		}
		if out, err = c.Step(string(reply)); err != nil {
			t.Fatalf("client: %v", err)
		}
		if done {
			if !c.Valid() {
				t.Error("the client does not trust the server")
			}
			return nil
		}
	}
}

func TestChannelBinding(t *testing.T) {
	data := []byte("exported keying material of 32 b")
	right := scram.ChannelBinding{Type: scram.ChannelBindingTLSExporter, Data: data}
	foreign := scram.ChannelBinding{Type: scram.ChannelBindingTLSExporter, Data: []byte("another connection")}
	unique := scram.NewTLSUniqueBinding(data)
	client, err := scram.SHA256.NewClient("juliet", password, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, mech, want string
		conv             *scram.ClientConversation
		bound            bool
	}{
		{"right", "SCRAM-SHA-256-PLUS", "", client.NewConversationWithChannelBinding(right), true},
		{"man in the middle", "SCRAM-SHA-256-PLUS", NotAuthorized, client.NewConversationWithChannelBinding(foreign), true},
		{"other type", "SCRAM-SHA-256-PLUS", MalformedRequest, client.NewConversationWithChannelBinding(unique), true},
		{"bound without PLUS", "SCRAM-SHA-256", MalformedRequest, client.NewConversationWithChannelBinding(right), true},
		{"unbound in PLUS", "SCRAM-SHA-256-PLUS", MalformedRequest, client.NewConversation(), true},
		{"client cannot", "SCRAM-SHA-256", "", client.NewConversation(), true},
		{"downgraded", "SCRAM-SHA-256", MalformedRequest, client.NewConversationAdvertisingChannelBinding(), true},
		{"server cannot", "SCRAM-SHA-256", "", client.NewConversationAdvertisingChannelBinding(), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := New(realm, juliet(t))
			if c.bound {
				n.Bind(TLSExporter, data)
			}
			err := bound(t, n, c.mech, c.conv)
			if c.want == "" && err != nil {
				t.Fatal(err)
			}
			if c.want != "" && condition(t, err) != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestBadMessages(t *testing.T) {
	for _, c := range []struct{ name, mech, message, want string }{
		{"plain without fields", "PLAIN", "juliet", MalformedRequest},
		{"plain without password", "PLAIN", "\x00juliet\x00", MalformedRequest},
		{"plain without user", "PLAIN", "\x00\x00pw", MalformedRequest},
		{"plain with four fields", "PLAIN", "\x00juliet\x00pw\x00", MalformedRequest},
		{"plain with bad utf-8", "PLAIN", "\x00jul\xffiet\x00pw", MalformedRequest},
		{"plain with a jid", "PLAIN", "\x00juliet@x\x00pw", MalformedRequest},
		{"plain for another", "PLAIN", "romeo@capulet.example\x00juliet\x00" + password, InvalidAuthzid},
		{"plain for another host", "PLAIN", "juliet@montague.example\x00juliet\x00" + password, InvalidAuthzid},
		{"scram empty", "SCRAM-SHA-1", "", MalformedRequest},
		{"scram junk", "SCRAM-SHA-1", "junk", MalformedRequest},
		{"scram extension", "SCRAM-SHA-1", "n,,m=x,n=juliet,r=x", MalformedRequest},
		{"scram bad escape", "SCRAM-SHA-1", "n,,n=jul=iet,r=x", MalformedRequest},
		{"scram bad name", "SCRAM-SHA-1", "n,,n=a@b,r=x", MalformedRequest},
		{"scram for another", "SCRAM-SHA-1", "n,a=romeo@capulet.example,n=juliet,r=x", InvalidAuthzid},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := New(realm, juliet(t))
			n.Select(c.mech)
			_, done, err := n.Process(context.Background(), []byte(c.message))
			if done || condition(t, err) != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func TestAuthzidOfOneself(t *testing.T) {
	for _, authzid := range []string{"juliet", "juliet@capulet.example", "Juliet@Capulet.Example"} {
		n := New(realm, juliet(t))
		n.Select(Plain)
		_, done, err := n.Process(context.Background(), []byte(authzid+"\x00juliet\x00"+password))
		if err != nil || !done || n.Username() != "juliet" {
			t.Errorf("%q: %v", authzid, err)
		}
	}
}

// Whether an account exists must not show in the exchange.
func TestUnknownUserHasOneSalt(t *testing.T) {
	first := func(p *Profile, name string) string {
		n := New(realm, p)
		n.Select("SCRAM-SHA-256")
		reply, _, err := n.Process(context.Background(), []byte("n,,n="+name+",r=abc"))
		if err != nil {
			t.Fatal(err)
		}
		_, salt, _ := strings.Cut(string(reply), ",s=")
		return salt
	}
	p, again := juliet(t), juliet(t)
	if a, b := first(p, "romeo"), first(again, "romeo"); a != b || a == "" {
		t.Errorf("the salt changed: %q, %q", a, b)
	}
	if first(p, "romeo") == first(p, "tybalt") {
		t.Error("two unknown users have one salt")
	}
}

func TestStoreFailure(t *testing.T) {
	p := juliet(t)
	broken := errors.New("disk full")
	p.Keys = func(context.Context, Hash, string) (Keys, bool, error) { return Keys{}, false, broken }
	p.TestPassword = func(context.Context, string, string) (bool, error) { return false, broken }
	for mech, message := range map[string]string{"SCRAM-SHA-1": "n,,n=juliet,r=x", "PLAIN": "\x00juliet\x00pw"} {
		n := New(realm, p)
		n.Select(mech)
		_, _, err := n.Process(context.Background(), []byte(message))
		if condition(t, err) != TemporaryAuthFailure || !errors.Is(err, broken) {
			t.Errorf("%s: %v", mech, err)
		}
	}
}

func TestDisabledAccount(t *testing.T) {
	p := juliet(t)
	p.Enabled = func(context.Context, string) (bool, error) { return false, nil }
	if err := talk(t, New(realm, p), mellium.ScramSha1, "juliet", password); condition(t, err) != AccountDisabled {
		t.Errorf("got %v", err)
	}
	if err := talk(t, New(realm, p), mellium.ScramSha1, "juliet", "wrong"); condition(t, err) != NotAuthorized {
		t.Errorf("a wrong password tells that the account is disabled: %v", err)
	}
}

func TestAnonymous(t *testing.T) {
	n := New(realm, &Profile{Anonymous: func(context.Context) (string, error) { return "1f2e", nil }})
	if got := n.Mechanisms(); !slices.Equal(got, []string{Anonymous}) {
		t.Fatalf("mechanisms are %q", got)
	}
	n.Select(Anonymous)
	if _, done, err := n.Process(context.Background(), nil); !done || err != nil || n.Username() != "1f2e" {
		t.Errorf("done %v, user %q, %v", done, n.Username(), err)
	}
}

func TestClientSpeaksFirst(t *testing.T) {
	for _, mech := range []string{"PLAIN", "SCRAM-SHA-1"} {
		n := New(realm, juliet(t))
		n.Select(mech)
		reply, done, err := n.Process(context.Background(), nil)
		if reply == nil || len(reply) != 0 || done || err != nil {
			t.Errorf("%s: %q, %v, %v; want an empty challenge", mech, reply, done, err)
		}
	}
}

func TestNoMechanismChosen(t *testing.T) {
	n := New(realm, juliet(t))
	if _, _, err := n.Process(context.Background(), []byte("x")); condition(t, err) != NotAuthorized {
		t.Errorf("got %v", err)
	}
}

// The vector of RFC 7677 §3.
func TestDeriveKeys(t *testing.T) {
	salt := []byte{0x5b, 0x6d, 0x99, 0x68, 0x9d, 0x12, 0x35, 0x8e, 0xec, 0xa0, 0x4b, 0x14, 0x12, 0x36, 0xfa, 0x81}
	got, err := DeriveKeys(SHA256, "pencil", salt, 4096)
	if err != nil {
		t.Fatal(err)
	}
	client, _ := scram.SHA256.NewClient("user", "pencil", "")
	want, err := client.GetStoredCredentialsWithError(scram.KeyFactors{Salt: string(salt), Iters: 4096})
	if err != nil {
		t.Fatal(err)
	}
	if !got.Equal(Keys{StoredKey: want.StoredKey, ServerKey: want.ServerKey}) {
		t.Errorf("got %x %x, want %x %x", got.StoredKey, got.ServerKey, want.StoredKey, want.ServerKey)
	}
	for _, pw := range []string{"", "a\x00b"} {
		if _, err := DeriveKeys(SHA1, pw, salt, 4096); !errors.Is(err, ErrPassword) {
			t.Errorf("%q: %v", pw, err)
		}
	}
}

func FuzzProcess(f *testing.F) {
	for _, m := range []string{"n,,n=juliet,r=x", "\x00juliet\x00pw", "p=tls-exporter,,n=juliet,r=x", "c=biws,r=x,p=eA=="} {
		f.Add(m, m)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		p := &Profile{
			TestPassword: func(context.Context, string, string) (bool, error) { return false, nil },
			Keys:         func(context.Context, Hash, string) (Keys, bool, error) { return Keys{}, false, nil },
			Hashes:       []Hash{SHA256, SHA1},
			Iterations:   4096,
		}
		n := New(realm, p)
		n.Bind(TLSExporter, []byte("data"))
		for _, mech := range n.Mechanisms() {
			n.Select(mech)
			for _, m := range []string{first, second} {
				_, done, err := n.Process(context.Background(), []byte(m))
				if done {
					t.Fatalf("%s let in with %q, %q", mech, first, second)
				}
				if err != nil && condition(t, err) == "" {
					t.Fatal("a failure without condition")
				}
			}
		}
	})
}
