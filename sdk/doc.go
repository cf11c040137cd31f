// Package sdk is the contract between the server and its plugins: what a plugin instance sees of the server (Module), what it is told
// (Event) and what it may keep (stores). Lua modules and Go plugins are adapters of the same contract.
//
// The vocabulary is Prosody's (https://prosody.im/doc/developers/moduleapi) and RFC 6120/6121's; shapes are Go's.
package sdk
