// Package lua carries the part of Prosody's library tree that Quatrain writes in Lua: everything a module can `require` that is neither
// on a hot path nor close to the core. Those others (util.stanza, util.jid, util.encodings, …) are Go, below the Lua bridge.
//
// Names and behaviour follow Prosody 0.12 and 13 (the union of both); the code is our own. It keeps to Lua 5.1 and also runs on 5.4, where
// its tests are run. Each library has its test in test/: util_*_test.lua need nothing but Lua, host_*_test.lua need the Go libraries.
package lua

import "embed"

// FS holds the libraries by path: `require "util.human.units"` is the file util/human/units.lua. 13's spelling with the prefix
// `prosody.` names the same file. It is read-only and safe for concurrent use.
//
//go:embed core net util
var FS embed.FS

// Types holds, below "types", what editors want to know of all that modules can use. It is made from the bridge's list.
//
//go:embed types
var Types embed.FS
