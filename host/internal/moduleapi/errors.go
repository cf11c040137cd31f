package moduleapi

import "errors"

// ErrGlobalStorage is the answer to global modules that ask for a store; they open one in the context of a host.
var ErrGlobalStorage = errors.New("global-storage-not-supported")
