package account

import (
	"context"
	"crypto/hmac"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"quatrain/host/internal/sasl"
	"quatrain/sdk"
	"quatrain/xmpp/jid"
)

// Iterations of the key derivation. RFC 7677 asks for at least 4096; the client pays for them at each login, so more is the operator's
// choice (option default_iteration_count).
const (
	DefaultIterations = 10000
	MinIterations     = 4096
	maxIterations     = 10_000_000
)

// InternalHashed is the name of the provider that stores accounts as SCRAM keys.
const InternalHashed = "internal_hashed"

// Hashed stores accounts as SCRAM keys.
//
// SCRAM-SHA-256 is offered only when every account has keys for it. Accounts that Prosody made have keys for one hash only; they get the
// others when their password is next seen, at a login by PLAIN or a change.
type Hashed struct {
	store      sdk.KeyvalPlus
	main       sasl.Hash // what the fields of Prosody's format are for
	hashes     []sasl.Hash
	iterations int
	secret     []byte
	now        func() time.Time

	changes atomic.Uint64 // of accounts, in this process; counted after each

	writing sync.Mutex // serialises read-modify-write of accounts; only the store is called under it

	mu      sync.Mutex      // guards partial; nothing is called under it
	partial map[string]bool // users without keys for all hashes; nil until they have been looked for
}

// HashedConfig is what Hashed needs.
type HashedConfig struct {
	Store      sdk.KeyvalPlus // "accounts"
	Hash       sasl.Hash      // of Prosody's fields; SHA-1 if ""
	Iterations int            // of new passwords; DefaultIterations if 0
	Secret     []byte         // sasl.Profile.Secret
	Now        func() time.Time
}

// NewHashed works on a store of accounts.
func NewHashed(cfg HashedConfig) *Hashed {
	p := &Hashed{store: cfg.Store, main: cfg.Hash, iterations: cfg.Iterations, secret: cfg.Secret, now: cfg.Now}
	if p.main == "" {
		p.main = sasl.SHA1
	}
	if p.iterations == 0 {
		p.iterations = DefaultIterations
	}
	p.hashes = []sasl.Hash{sasl.SHA256}
	if p.main == sasl.SHA1 {
		p.hashes = []sasl.Hash{sasl.SHA256, sasl.SHA1}
	}
	if p.now == nil {
		p.now = time.Now
	}
	return p
}

func (p *Hashed) Name() string { return InternalHashed }

func (p *Hashed) SASL(ctx context.Context, s sdk.Session) (sasl.Handler, error) {
	hashes, err := p.offered(ctx)
	if err != nil {
		return nil, err
	}
	a := &attempt{p: p}
	return sasl.New(s.Host(), &sasl.Profile{
		TestPassword: a.testPassword,
		Keys:         a.keys,
		Hashes:       hashes,
		Enabled:      a.isEnabled,
		Secret:       p.secret,
		Iterations:   p.iterations,
	}), nil
}

// offered are the hashes that all accounts have keys for.
func (p *Hashed) offered(ctx context.Context) ([]sasl.Hash, error) {
	if len(p.hashes) == 1 {
		return p.hashes, nil
	}
	p.mu.Lock()
	partial := p.partial
	p.mu.Unlock()
	if partial == nil {
		var err error
		if partial, err = p.findPartial(ctx); err != nil {
			return nil, err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.partial == nil {
		p.partial = partial
	}
	if len(p.partial) > 0 {
		return []sasl.Hash{p.main}, nil
	}
	return p.hashes, nil
}

// findPartial looks for accounts that other software made.
func (p *Hashed) findPartial(ctx context.Context) (map[string]bool, error) {
	salts, err := p.store.GetKeyFromAll(ctx, fieldSalt)
	if err != nil {
		return nil, fmt.Errorf("looking for accounts without keys: %w", err)
	}
	own, err := p.store.GetKeyFromAll(ctx, fieldSalt256)
	if err != nil {
		return nil, fmt.Errorf("looking for accounts without keys: %w", err)
	}
	partial := map[string]bool{}
	for user, salt := range salts {
		if own[user] != salt {
			partial[user] = true
		}
	}
	return partial, nil
}

func (p *Hashed) setPartial(user string, is bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case !is:
		delete(p.partial, user)
	case p.partial != nil:
		p.partial[user] = true
	}
}

func (p *Hashed) get(ctx context.Context, user string) (record, bool, error) {
	v, err := p.store.Get(ctx, user)
	if err != nil {
		return record{}, false, fmt.Errorf("reading account %q: %w", user, err)
	}
	r, ok := recordOf(v)
	return r, ok, nil
}

// keysOf are the keys in an account that has been read.
func (p *Hashed) keysOf(ctx context.Context, h sasl.Hash, user string, r record) (_ sasl.Keys, ok bool, err error) {
	if clear := r.text(fieldPassword); clear != "" {
		if err := p.SetPassword(ctx, user, clear); err != nil {
			return sasl.Keys{}, false, err
		}
		if r, ok, err = p.get(ctx, user); err != nil || !ok {
			return sasl.Keys{}, false, err
		}
	}
	k, ok := r.keys(h, p.main)
	if _, main := r.keys(p.main, p.main); main && !ok {
		p.setPartial(user, true)
	}
	return k, ok, nil
}

// TestPassword takes as long for users who do not exist.
func (p *Hashed) TestPassword(ctx context.Context, user, password string) (bool, error) {
	r, ok, err := p.get(ctx, user)
	if err != nil {
		return false, err
	}
	return p.testRecord(ctx, user, password, r, ok)
}

// testRecord is TestPassword for an account that has been read; ok is whether there is one.
func (p *Hashed) testRecord(ctx context.Context, user, password string, r record, ok bool) (bool, error) {
	if clear := r.text(fieldPassword); ok && clear != "" {
		return p.testClear(ctx, user, clear, password)
	}
	stored, ok := r.keys(p.main, p.main)
	if !ok {
		stored = sasl.Keys{Salt: p.secret, Iterations: p.iterations}
	}
	given, err := sasl.DeriveKeys(p.main, password, stored.Salt, stored.Iterations)
	if err != nil || !ok || !given.Equal(stored) {
		return false, nil
	}
	if p.hasAll(r) {
		return true, nil
	}
	return true, p.complete(ctx, user, password)
}

func (p *Hashed) hasAll(r record) bool {
	for _, h := range p.hashes {
		if _, ok := r.keys(h, p.main); !ok {
			return false
		}
	}
	return true
}

func (p *Hashed) testClear(ctx context.Context, user, stored, given string) (bool, error) {
	want, wantOK := jid.Saslprep(stored, true)
	have, haveOK := jid.Saslprep(given, true)
	if !wantOK || !haveOK || !hmac.Equal([]byte(want), []byte(have)) {
		return false, nil
	}
	return true, p.SetPassword(ctx, user, stored)
}

// complete adds the keys that an account lacks, now that its password is known.
func (p *Hashed) complete(ctx context.Context, user, password string) error {
	sdk.Lock(ctx, &p.writing)
	defer p.writing.Unlock()
	r, ok, err := p.get(ctx, user)
	if err != nil || !ok {
		return err
	}
	changed := false
	for _, h := range p.hashes {
		if _, ok := r.keys(h, p.main); ok {
			continue
		}
		k, err := sasl.DeriveKeys(h, password, []byte(r.text(fieldSalt)), r.iterations())
		if err != nil {
			return err
		}
		r.setKeys(h, p.main, k)
		changed = true
	}
	if !changed {
		return nil
	}
	return p.put(ctx, user, r)
}

// set stores an account, nil removes it. Attempts that have read it before read it again.
func (p *Hashed) set(ctx context.Context, user string, data sdk.Data) error {
	defer p.changes.Add(1)
	if data == nil {
		return p.store.Set(ctx, user, nil)
	}
	return p.store.Set(ctx, user, data)
}

// put stores an account that has all keys, or none.
func (p *Hashed) put(ctx context.Context, user string, r record) error {
	if err := p.set(ctx, user, r.data); err != nil {
		return fmt.Errorf("storing account %q: %w", user, err)
	}
	p.setPartial(user, false)
	return nil
}

func (p *Hashed) SetPassword(ctx context.Context, user, password string) error {
	sdk.Lock(ctx, &p.writing)
	defer p.writing.Unlock()
	r, ok, err := p.get(ctx, user)
	if err != nil {
		return err
	}
	if !ok {
		return ErrUnknown
	}
	if err := p.rekey(r, password); err != nil {
		return err
	}
	r.touch(p.now())
	return p.put(ctx, user, r)
}

// rekey gives an account new keys for a password.
func (p *Hashed) rekey(r record, password string) error {
	salt := []byte(uuid.NewString())
	count := max(r.iterations(), p.iterations)
	for _, h := range p.hashes {
		k, err := sasl.DeriveKeys(h, password, salt, count)
		if err != nil {
			return err
		}
		r.setKeys(h, p.main, k)
	}
	delete(r.data, fieldPassword)
	return nil
}

func (p *Hashed) UserExists(ctx context.Context, user string) (bool, error) {
	_, ok, err := p.get(ctx, user)
	return ok, err
}

func (p *Hashed) Users(ctx context.Context) iter.Seq2[string, error] { return p.store.Users(ctx) }

func (p *Hashed) CreateUser(ctx context.Context, user, password string) error {
	sdk.Lock(ctx, &p.writing)
	defer p.writing.Unlock()
	_, exists, err := p.get(ctx, user)
	if err != nil {
		return err
	}
	if exists {
		return ErrExists
	}
	r := record{sdk.Data{fieldCreated: float64(p.now().Unix())}}
	if password != "" {
		if err := p.rekey(r, password); err != nil {
			return err
		}
	}
	r.touch(p.now())
	return p.put(ctx, user, r)
}

func (p *Hashed) DeleteUser(ctx context.Context, user string) error {
	sdk.Lock(ctx, &p.writing)
	defer p.writing.Unlock()
	_, exists, err := p.get(ctx, user)
	if err != nil {
		return err
	}
	if !exists {
		return ErrUnknown
	}
	if err := p.set(ctx, user, nil); err != nil {
		return fmt.Errorf("removing account %q: %w", user, err)
	}
	p.setPartial(user, false)
	return nil
}

func (p *Hashed) SetEnabled(ctx context.Context, user string, enabled bool) error {
	sdk.Lock(ctx, &p.writing)
	defer p.writing.Unlock()
	r, ok, err := p.get(ctx, user)
	if err != nil {
		return err
	}
	if !ok {
		return ErrUnknown
	}
	delete(r.data, fieldDisabled)
	if !enabled {
		r.data[fieldDisabled] = true
	}
	r.touch(p.now())
	if err := p.set(ctx, user, r.data); err != nil {
		return fmt.Errorf("storing account %q: %w", user, err)
	}
	return nil
}

func (p *Hashed) IsEnabled(ctx context.Context, user string) (bool, error) {
	r, ok, err := p.get(ctx, user)
	return ok && !r.disabled(), err
}

// Info implements Informer.
func (p *Hashed) Info(ctx context.Context, user string) (info Info, err error) {
	r, ok, err := p.get(ctx, user)
	if err == nil && !ok {
		err = ErrUnknown
	}
	if err != nil {
		return info, err
	}
	return Info{Created: r.time(fieldCreated), PasswordUpdated: r.time(fieldUpdated), Enabled: !r.disabled()}, nil
}

var (
	_ Provider       = (*Hashed)(nil)
	_ Informer       = (*Hashed)(nil)
	_ PasswordTester = (*Hashed)(nil)
	_ PasswordSetter = (*Hashed)(nil)
	_ Lister         = (*Hashed)(nil)
	_ Finder         = (*Hashed)(nil)
	_ Creator        = (*Hashed)(nil)
	_ Switcher       = (*Hashed)(nil)
)
