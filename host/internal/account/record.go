package account

import (
	"encoding/hex"
	"maps"
	"time"

	"quatrain/host/internal/sasl"
	"quatrain/sdk"
)

// Fields of an account as Prosody stores it, and of ours: the keys for SHA-256 next to those for SHA-1. They share salt and count. Ours
// are valid only while the salt is the one they were made with, because other software that changes the password does not know of them.
const (
	fieldPassword   = "password" // in the clear, from other software; replaced by keys when it is first used
	fieldSalt       = "salt"
	fieldIterations = "iteration_count"
	fieldStored     = "stored_key"
	fieldServer     = "server_key"
	fieldSalt256    = "sha256_salt"
	fieldStored256  = "sha256_stored_key"
	fieldServer256  = "sha256_server_key"
	fieldDisabled   = "disabled"
	fieldCreated    = "created"
	fieldUpdated    = "updated"
)

// record is one stored account. It keeps fields it does not know.
type record struct{ data sdk.Data }

// recordOf copies what a store returned; ok is false if there is no account.
func recordOf(v any) (r record, ok bool) {
	switch data := v.(type) {
	case sdk.Data:
		return record{maps.Clone(data)}, data != nil
	case map[string]any:
		r.data = sdk.Data{}
		for k, v := range data {
			r.data[k] = v
		}
		return r, data != nil
	}
	return record{}, false
}

func (r record) text(field string) string {
	s, _ := r.data[field].(string)
	return s
}

func (r record) iterations() int {
	n, _ := r.data[fieldIterations].(float64)
	return int(n)
}

func (r record) disabled() bool {
	v, ok := r.data[fieldDisabled]
	return ok && v != nil && v != false
}

// keys are those for a hash; main is the hash that Prosody's fields are for.
func (r record) keys(h, main sasl.Hash) (sasl.Keys, bool) {
	stored, server := fieldStored, fieldServer
	if h != main {
		if r.text(fieldSalt256) != r.text(fieldSalt) {
			return sasl.Keys{}, false
		}
		stored, server = fieldStored256, fieldServer256
	}
	k := sasl.Keys{Salt: []byte(r.text(fieldSalt)), Iterations: r.iterations()}
	var storedErr, serverErr error
	k.StoredKey, storedErr = hex.DecodeString(r.text(stored))
	k.ServerKey, serverErr = hex.DecodeString(r.text(server))
	ok := storedErr == nil && serverErr == nil && len(k.StoredKey) > 0 && len(k.ServerKey) > 0 && len(k.Salt) > 0 && k.Iterations > 0
	return k, ok
}

// setKeys replaces the keys for one hash.
func (r record) setKeys(h, main sasl.Hash, k sasl.Keys) {
	salt, stored, server := fieldSalt, fieldStored, fieldServer
	if h != main {
		salt, stored, server = fieldSalt256, fieldStored256, fieldServer256
	}
	r.data[salt] = string(k.Salt)
	r.data[stored] = hex.EncodeToString(k.StoredKey)
	r.data[server] = hex.EncodeToString(k.ServerKey)
	r.data[fieldIterations] = float64(k.Iterations)
}

func (r record) touch(now time.Time) { r.data[fieldUpdated] = float64(now.Unix()) }

func (r record) time(field string) time.Time {
	if seconds, ok := r.data[field].(float64); ok {
		return time.Unix(int64(seconds), 0)
	}
	return time.Time{}
}
