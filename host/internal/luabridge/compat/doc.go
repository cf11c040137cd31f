// Package compat makes stock gopher-lua (github.com/yuin/gopher-lua v1.1.2, never a fork) run Lua 5.1 programs as the reference
// interpreter does, with the later functions that Prosody modules use (Lua 5.1 Reference Manual §2 and §5; 5.2-5.4 where it says so).
//
// Every chunk goes source filter, parser, syntax tree rewriting, compiler: that repairs what the compiler gets wrong. The base,
// string, table, math, os, io, coroutine and debug libraries are our own; utf8, bit32 and bit are added. What a time budget cannot
// stop (patterns, string.rep, concatenation) has budgets of its own.
//
// One Interp is one interpreter with one lock, like CPython's: a chain of calls (sdk.Chain) holds it while it runs Lua, and gives it
// up where it waits (Unlocked). Each call runs on a thread of its own, and so does each coroutine and each pcall, because an error
// that unwinds a gopher-lua thread closes the variables of all of its frames.
//
// Left out on purpose: string.dump, os.exit, os.execute, io.popen, newproxy and debug hooks. What gopher-lua cannot do and we do not
// make up for: weak tables and finalizers; lists of more than four million entries; the length of a list with holes, which is that of
// its last entry; memory of the front of a list whose indices only grow; more than about 200 values in one call. A suspended coroutine
// that its own function can reach is never collected.
package compat
