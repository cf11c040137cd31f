package compat

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"
)

// Chunks keeps compiled chunks by name and content. Compiled code never changes, so any number of interpreters may share it.
type Chunks struct {
	mu     sync.Mutex // guards protos
	protos map[chunkKey]*lua.FunctionProto
}

type chunkKey struct {
	name string
	sum  [sha256.Size]byte
}

// maxChunks is how many chunks are kept; programs that load generated code without end start over.
const maxChunks = 4096

// NewChunks makes an empty cache.
func NewChunks() *Chunks { return &Chunks{protos: map[chunkKey]*lua.FunctionProto{}} }

// Compile compiles src, or takes it from the cache. An error is a message "chunkname:line: what near token".
func (c *Chunks) Compile(src []byte, chunkname string) (*lua.FunctionProto, error) {
	key := chunkKey{chunkname, sha256.Sum256(src)}
	c.mu.Lock()
	proto := c.protos[key]
	c.mu.Unlock()
	if proto != nil {
		return proto, nil
	}
	proto, err := compile(src, chunkname)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.protos) >= maxChunks {
		clear(c.protos)
	}
	c.protos[key] = proto
	return proto, nil
}

// Load compiles src and binds it to env (nil: the globals). It needs no lock and runs nothing. chunkname is as in Lua: "@file" or
// "=name" give the name to messages, anything else is the source itself.
func (it *Interp) Load(src []byte, chunkname string, env *lua.LTable) (*lua.LFunction, error) {
	proto, err := it.opts.Chunks.Compile(src, shortSource(chunkname))
	if err != nil {
		return nil, err
	}
	fn := it.base.NewFunctionFromProto(proto)
	if env != nil {
		fn.Env = env
	}
	return fn, nil
}

// shortSource is the name of a chunk in messages.
func shortSource(chunkname string) string {
	if strings.HasPrefix(chunkname, "@") || strings.HasPrefix(chunkname, "=") {
		return chunkname[1:]
	}
	if strings.HasSuffix(chunkname, ".lua") && !strings.ContainsAny(chunkname, " \n") {
		return chunkname
	}
	const room = 60 - len(`[string "..."]`) - 1
	line, _, more := strings.Cut(chunkname, "\n")
	if len(line) > room {
		line, more = line[:room], true
	}
	if more {
		line += "..."
	}
	return `[string "` + line + `"]`
}

func compile(src []byte, name string) (*lua.FunctionProto, error) {
	proto, err := translate(src, name, true)
	if err != nil { // a function with very many variables has no registers left for whole tables
		return translate(src, name, false)
	}
	return proto, nil
}

// translate compiles a chunk; records says how tables are made (rewrite).
func translate(src []byte, name string, records bool) (proto *lua.FunctionProto, err error) {
	defer func() {
		if r := recover(); r != nil { // the compiler panics when a function is too large for it
			proto, err = nil, fmt.Errorf("%s: cannot be compiled: %v", name, r)
		}
	}()
	stmts, err := Parse(src, name)
	if err != nil {
		return nil, err
	}
	proto, err = lua.Compile(rewrite(stmts, records), name)
	if err != nil {
		var ce *lua.CompileError
		if errors.As(err, &ce) {
			return nil, fmt.Errorf("%s:%d: %s", name, ce.Line, ce.Message)
		}
		return nil, err
	}
	finish(proto)
	return proto, nil
}

// Parse is the syntax tree of a chunk as it is written. An error is a message "name:line: what near token".
func Parse(src []byte, name string) ([]ast.Stmt, error) {
	stmts, err := parse.Parse(bytes.NewReader(filterSource(src)), name)
	if err != nil {
		return nil, syntaxError(err, name, src)
	}
	return stmts, nil
}

// finish trims what the compiler left room for (two thirds of the memory) and puts in the functions that rewriting asked for.
func finish(p *lua.FunctionProto) {
	p.Code = slices.Clone(p.Code)
	repairGoto(p)
	keepKeysBoxed(p)
	startSmall(p)
	p.DbgSourcePositions = slices.Clone(p.DbgSourcePositions)
	p.Constants = slices.Clone(p.Constants)
	p.DbgLocals = slices.Clone(p.DbgLocals)
	p.DbgCalls = slices.Clone(p.DbgCalls)
	p.FunctionPrototypes = slices.Clone(p.FunctionPrototypes)
	for i, c := range p.Constants {
		if s, ok := c.(lua.LString); ok {
			if fn := builtin(string(s)); fn != nil {
				p.Constants[i] = fn
			}
		}
	}
	for _, child := range p.FunctionPrototypes {
		finish(child)
	}
}
