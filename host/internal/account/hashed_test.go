package account

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"testing"
	"time"

	melliumsasl "mellium.im/sasl"

	"quatrain/host/internal/sasl"
	"quatrain/host/internal/storage/memory"
	"quatrain/sdk"
)

const host = "capulet.example"

// peer is a session that has not authenticated; only its host counts here.
type peer struct{ sdk.Session }

func (peer) Host() string { return host }

func accounts(t *testing.T) sdk.KeyvalPlus {
	t.Helper()
	s, err := memory.New(nil).Open(context.Background(), host, "accounts", sdk.KindKeyvalPlus)
	if err != nil {
		t.Fatal(err)
	}
	return s.(sdk.KeyvalPlus)
}

func hashed(store sdk.KeyvalPlus) *Hashed {
	return NewHashed(HashedConfig{Store: store, Iterations: MinIterations, Secret: []byte("s"), Now: func() time.Time { return time.Unix(1000, 0) }})
}

// login runs an independent client.
func login(t *testing.T, p Provider, mech melliumsasl.Mechanism, user, password string) error {
	t.Helper()
	ctx := context.Background()
	server, err := p.SASL(ctx, peer{})
	if err != nil {
		t.Fatal(err)
	}
	if !server.Select(mech.Name) {
		t.Fatalf("%s is not offered", mech.Name)
	}
	client := melliumsasl.NewClient(mech, melliumsasl.Credentials(func() ([]byte, []byte, []byte) {
		return []byte(user), []byte(password), nil
	}))
	_, out, err := client.Step(nil)
	for err == nil {
		reply, done, failure := server.Process(ctx, out)
		if failure != nil || done {
			return failure
		}
		_, out, err = client.Step(reply)
	}
	return err
}

func mechanisms(t *testing.T, p Provider) []string {
	t.Helper()
	h, err := p.SASL(context.Background(), peer{})
	if err != nil {
		t.Fatal(err)
	}
	return h.Mechanisms()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestHashedLogin(t *testing.T) {
	ctx, p := context.Background(), hashed(accounts(t))
	must(t, p.CreateUser(ctx, "juliet", "first"))
	must(t, p.SetPassword(ctx, "juliet", "second"))
	for _, mech := range []melliumsasl.Mechanism{melliumsasl.Plain, melliumsasl.ScramSha1, melliumsasl.ScramSha256} {
		if err := login(t, p, mech, "juliet", "second"); err != nil {
			t.Errorf("%s: %v", mech.Name, err)
		}
		if err := login(t, p, mech, "juliet", "first"); err == nil {
			t.Errorf("%s: the old password is good", mech.Name)
		}
	}
}

func TestStoredFormat(t *testing.T) {
	ctx, store := context.Background(), accounts(t)
	must(t, hashed(store).CreateUser(ctx, "juliet", "pencil"))
	v, err := store.Get(ctx, "juliet")
	must(t, err)
	data := v.(sdk.Data)
	salt, _ := data["salt"].(string)
	want, err := sasl.DeriveKeys(sasl.SHA1, "pencil", []byte(salt), MinIterations)
	must(t, err)
	fields := sdk.Data{
		"stored_key": hex.EncodeToString(want.StoredKey), "server_key": hex.EncodeToString(want.ServerKey),
		"iteration_count": float64(MinIterations), "created": 1000.0, "updated": 1000.0, "sha256_salt": salt, "password": nil,
	}
	for field, value := range fields {
		if data[field] != value {
			t.Errorf("%s is %v, want %v", field, data[field], value)
		}
	}
}

// prosodyAccount is what Prosody stores for a password.
func prosodyAccount(t *testing.T, h sasl.Hash, password string) sdk.Data {
	t.Helper()
	k, err := sasl.DeriveKeys(h, password, []byte("4a2f-salt"), 10000)
	must(t, err)
	return sdk.Data{"salt": "4a2f-salt", "iteration_count": 10000.0, "stored_key": hex.EncodeToString(k.StoredKey),
		"server_key": hex.EncodeToString(k.ServerKey), "email": "juliet@example.org"}
}

func TestProsodyAccount(t *testing.T) {
	ctx, store := context.Background(), accounts(t)
	must(t, store.Set(ctx, "juliet", prosodyAccount(t, sasl.SHA1, "pencil")))
	p := hashed(store)
	if got, want := mechanisms(t, p), []string{"SCRAM-SHA-1", "PLAIN"}; !slices.Equal(got, want) {
		t.Fatalf("offered %q, want %q: the account has no other keys", got, want)
	}
	must(t, login(t, p, melliumsasl.ScramSha1, "juliet", "pencil"))
	must(t, login(t, p, melliumsasl.Plain, "juliet", "pencil"))
	if !slices.Contains(mechanisms(t, p), "SCRAM-SHA-256") {
		t.Fatal("the login by PLAIN did not add the keys")
	}
	must(t, login(t, p, melliumsasl.ScramSha256, "juliet", "pencil"))
	if v, _ := store.GetKey(ctx, "juliet", "email"); v != "juliet@example.org" {
		t.Errorf("a foreign field became %v", v)
	}
}

// Prosody changes the password of an account of ours: our keys for SHA-256 are then those of the old one.
func TestForeignPasswordChange(t *testing.T) {
	ctx, store := context.Background(), accounts(t)
	p := hashed(store)
	must(t, p.CreateUser(ctx, "juliet", "old"))
	must(t, login(t, p, melliumsasl.ScramSha256, "juliet", "old"))
	must(t, store.SetKeys(ctx, "juliet", map[string]any{
		"salt": "4a2f-salt", "iteration_count": 10000.0,
		"stored_key": prosodyAccount(t, sasl.SHA1, "new")["stored_key"], "server_key": prosodyAccount(t, sasl.SHA1, "new")["server_key"],
	}))
	if err := login(t, p, melliumsasl.ScramSha256, "juliet", "old"); err == nil {
		t.Error("the old password is good")
	}
	must(t, login(t, p, melliumsasl.ScramSha1, "juliet", "new"))
	if got := mechanisms(t, p); slices.Contains(got, "SCRAM-SHA-256") {
		t.Errorf("offered %q though the account has no keys for it", got)
	}
}

func TestPasswordHashOption(t *testing.T) {
	ctx, store := context.Background(), accounts(t)
	must(t, store.Set(ctx, "juliet", prosodyAccount(t, sasl.SHA256, "pencil")))
	p := NewHashed(HashedConfig{Store: store, Hash: sasl.SHA256})
	if got, want := mechanisms(t, p), []string{"SCRAM-SHA-256", "PLAIN"}; !slices.Equal(got, want) {
		t.Errorf("offered %q, want %q", got, want)
	}
	must(t, login(t, p, melliumsasl.ScramSha256, "juliet", "pencil"))
	must(t, login(t, p, melliumsasl.Plain, "juliet", "pencil"))
	must(t, p.CreateUser(ctx, "romeo", "x"))
	must(t, login(t, p, melliumsasl.ScramSha256, "romeo", "x"))
}

func TestPlaintextAccount(t *testing.T) {
	for _, mech := range []melliumsasl.Mechanism{melliumsasl.Plain, melliumsasl.ScramSha1} {
		ctx, store := context.Background(), accounts(t)
		must(t, store.Set(ctx, "juliet", sdk.Data{"password": "pencil"}))
		p := hashed(store)
		if err := login(t, p, melliumsasl.Plain, "juliet", "wrong"); err == nil {
			t.Error("a wrong password is good")
		}
		must(t, login(t, p, mech, "juliet", "pencil"))
		if v, _ := store.GetKey(ctx, "juliet", "password"); v != nil {
			t.Errorf("%s: the password is still stored", mech.Name)
		}
	}
}

func TestAccountWithoutPassword(t *testing.T) {
	ctx, p := context.Background(), hashed(accounts(t))
	must(t, p.CreateUser(ctx, "juliet", ""))
	for _, password := range []string{"", "x"} {
		if ok, err := p.TestPassword(ctx, "juliet", password); ok || err != nil {
			t.Errorf("%q: %v, %v", password, ok, err)
		}
	}
	if ok, err := p.UserExists(ctx, "juliet"); !ok || err != nil {
		t.Errorf("exists: %v, %v", ok, err)
	}
}

func TestDisable(t *testing.T) {
	ctx, p := context.Background(), hashed(accounts(t))
	must(t, p.CreateUser(ctx, "juliet", "pencil"))
	must(t, p.SetEnabled(ctx, "juliet", false))
	var f *sasl.Failure
	if err := login(t, p, melliumsasl.ScramSha1, "juliet", "pencil"); !errors.As(err, &f) || f.Condition != sasl.AccountDisabled {
		t.Errorf("got %v", err)
	}
	must(t, p.SetEnabled(ctx, "juliet", true))
	must(t, login(t, p, melliumsasl.ScramSha1, "juliet", "pencil"))
}

func TestAccountErrors(t *testing.T) {
	ctx, p := context.Background(), hashed(accounts(t))
	must(t, p.CreateUser(ctx, "juliet", "x"))
	for name, c := range map[string]struct{ got, want error }{
		"create twice":   {p.CreateUser(ctx, "juliet", "x"), ErrExists},
		"bad password":   {p.CreateUser(ctx, "romeo", "a\x00b"), sasl.ErrPassword},
		"password":       {p.SetPassword(ctx, "romeo", "x"), ErrUnknown},
		"empty password": {p.SetPassword(ctx, "juliet", ""), sasl.ErrPassword},
		"delete":         {p.DeleteUser(ctx, "romeo"), ErrUnknown},
		"disable":        {p.SetEnabled(ctx, "romeo", false), ErrUnknown},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
}
