// Package quatrain holds the configuration that the server runs with when it is given none. The program is cmd/quatrain, the server is
// host, and what plugins are written against is sdk.
package quatrain

import _ "embed"

// DefaultConfig is plugins.toml.
//
//go:embed plugins.toml
var DefaultConfig []byte
