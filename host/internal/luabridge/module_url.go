package luabridge

import (
	"context"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// noURL is the address that modules get if nothing serves HTTP, as in Prosody.
const noURL = "http://disabled.invalid/"

// httpURL is module:http_url(app, path, mode) until a module that serves HTTP puts its own in core.moduleapi. In a plugin's process the server's
// own Lua world is asked, where that module is.
func (b *Bridge) httpURL(L *lua.LState) int {
	o := b.module(L)
	app := L.OptString(2, strings.TrimPrefix(o.m.Name(), "http_"))
	url, err := b.srv.AppURL(b.in.Context(L), o.m.Host(), app, L.OptString(3, "/"+app), L.OptString(4, ""))
	if err != nil {
		raise(L, err)
	}
	if url == "" {
		url = noURL
	}
	return pushString(L, url)
}

// AppURL is the http_url of the module that serves HTTP; "" if there is none.
func (b *Bridge) AppURL(ctx context.Context, host, app, path, mode string) (string, error) {
	t := b.in.Enter(ctx)
	defer t.Leave()
	fn, ok := b.api.RawGetString("http_url").(*lua.LFunction)
	module := b.anyModule()
	if !ok || fn.IsG || module == nil {
		return "", nil
	}
	args := []lua.LValue{module.context(host).table, lua.LString(app), lua.LString(path)}
	if mode != "" {
		args = append(args, lua.LString(mode))
	}
	results, err := b.in.Call(ctx, fn, 1, args...)
	if err != nil {
		return "", err
	}
	return lua.LVAsString(results[0]), nil
}

// anyModule is a module object through which to look at other hosts, nil if no module is loaded.
func (b *Bridge) anyModule() *moduleObject {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.plugins {
		if p.main != nil {
			return p.main
		}
	}
	return nil
}
