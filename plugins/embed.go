// Package plugins holds the shipped plugins: a folder each, with its README, its manifest plugin.toml, its Lua files and its protocol
// scripts. The folders of Go plugins are packages of their own.
package plugins

import "embed"

// FS are the folders, by the plugins' proper names.
//
//go:embed *
var FS embed.FS
